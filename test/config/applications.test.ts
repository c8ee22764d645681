// The table of applications: what holds of each record, and the page that is written from it.
import { describe, expect, it } from 'vitest';
import { applications, findTemplate, jobTemplates } from '../../config/applications/index.ts';
import { applicationPage } from '../../config/applications/render-docs.ts';
import { tenantUrlHint } from '../../config/applications/tenant-url.ts';
import type { Application } from '../../config/applications/application.ts';
import { readSchema } from '../../src/rules/schema/read-schema.ts';
import { writeSchema } from '../../src/rules/schema/write-schema.ts';

const application = (id: string): Application => {
  const found = applications.find((one) => one.id === id);
  if (found === undefined) throw new Error(`there is no application ${id}`);
  return found;
};
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

describe.each(applications.map((one) => [one.id, one] as const))('the application %s', (id, one) => {
  const template = findTemplate(id);
  const offers = [one.users, ...(one.groups === null ? [] : [one.groups])];

  it('has a page written from its record', () =>
    expect(applicationPage(one)).toMatchFileSnapshot(`../../docs/applications/${id}.md`));

  it('has a schema that can be saved as it is', () => {
    if (template === null) throw new Error('no template');
    const current = { ...template.schema, id: 'a.b.c', version: '1.0' };
    const read = readSchema(JSON.parse(JSON.stringify(writeSchema(current))), { id: 'a.b.c', version: '1.0', current });
    expect(read).toMatchObject({ ok: true, schema: current });
  });

  it('maps attributes that it has, each once, and matches by one that can be filtered', () => {
    for (const { mappings, attributes, filterable } of offers) {
      const names = attributes.map(({ name }) => name);
      const targets = mappings.map(({ target }) => target);
      expect(new Set(targets).size).toBe(targets.length);
      expect(names).toEqual(expect.arrayContaining(targets));
      expect(names).toEqual(expect.arrayContaining([...(filterable ?? [])]));
      expect(attributes.filter(({ anchor }) => anchor)).toHaveLength(1);
      const matching = mappings.filter((mapping) => mapping.matching > 0).map(({ target }) => target);
      expect(matching.length).toBeGreaterThan(0);
      if (filterable !== null) expect(filterable).toEqual(expect.arrayContaining(matching));
    }
  });

  it('hints at nothing for a tenant URL made from its own pattern', () => {
    const { patterns, parameters } = one.credentials.tenantUrl;
    for (const { url } of patterns) {
      const filled = parameters.reduce((text, { name, example }) => text.replace(`{${name}}`, example), url);
      for (const text of [filled, filled.replace(/\/$/, ''), `${filled}?aadOptscim062020`])
        expect(tenantUrlHint(one, text)).toBeNull();
    }
  });
});

describe('the applications', () => {
  it('are told apart by id, application template and directory', () => {
    for (const of of [
      (one: Application) => one.id,
      (one: Application) => one.applicationTemplateId,
      (one: Application) => one.directory.id,
    ])
      expect(new Set(applications.map(of)).size).toBe(applications.length);
    expect(jobTemplates.map(({ id }) => id)).toEqual(['scim', 'grouptalk', 'jostle', 'gtmhub', 'dialpad', 'tracktik']);
  });

  it('differ as their services do', () => {
    expect(application('jostle').groups).toBeNull();
    expect(findTemplate('gtmhub')?.dialect).toMatchObject({ creates: { User: false, Group: true }, softDelete: false });
    expect(application('gtmhub').users.mappings.map(({ target }) => target)).toEqual([
      'userName',
      'externalId',
      `${ENTERPRISE}:manager`,
    ]);
    expect(findTemplate('dialpad')?.dialect.renamesGroups).toBe(false);
    expect(application('dialpad').groups?.mappings[0]).toMatchObject({
      target: 'displayName',
      flowType: 'ObjectAddOnly',
    });
    expect(findTemplate('grouptalk')?.dialect.filterable).toEqual({
      User: ['userName', 'phoneNumbers[type eq "mobile"].value', 'emails[type eq "work"].value'],
      Group: ['displayName'],
    });
    expect(application('tracktik').users).toEqual(application('scim').users);
  });
});

describe('a hint about a tenant URL', () => {
  it.each([
    [
      'gtmhub',
      'http://127.0.0.1:8183/api/v1/scim/azure/demo',
      /look like https:\/\/app\.gtmhub\.com.* or https:\/\/app\.us/,
    ],
    ['gtmhub', 'https://app.gtmhub.com/api/v1/scim/azure/{account_id}', /still contains \{account_id\}/],
    ['gtmhub', 'https://app.gtmhub.com/api/v1/scim/azure/', /look like/],
    ['grouptalk', 'https://api.grouptalk.com/scim', /look like/],
    ['tracktik', 'https://contoso.guards.app/rest/scim/', /look like/],
    ['tracktik', 'https://evil.example/x/rest/scim/v2', /look like/],
    ['dialpad', 'https://dialpadXcom/scim', /look like/],
  ])('of %s for %s', (id, url, hint) => expect(tenantUrlHint(application(id), url)).toMatch(hint));

  it.each([
    ['jostle', 'https://anything.example/at/all'],
    ['scim', 'http://127.0.0.1:8181/scim'],
    ['gtmhub', 'https://app.us.gtmhub.com/api/v1/scim/azure/5f0c/'],
  ])('is none of %s for %s', (id, url) => expect(tenantUrlHint(application(id), url)).toBeNull());
});
