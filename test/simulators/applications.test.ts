// The simulated services, each asked for what the real one refuses; and that every template fits its service.
import { afterEach, describe, expect, it } from 'vitest';
import { applications } from '../../config/applications/index.ts';
import type { JsonObject } from '../../src/rules/model/json.ts';
import { createBody } from '../../src/rules/scim/build.ts';
import { findService, services } from '../../src/simulators/applications/index.ts';
import type { ScimSimulatorOptions } from '../../src/simulators/scim/start.ts';
import type { Client, Reply } from './scim/client.ts';
import { ENTERPRISE, GROUP, startClient, USER } from './scim/client.ts';

const LABELS = 'urn:ietf:params:scim:schemas:extension:grouptalk:2.0:User';
const DESCRIPTION = 'urn:ietf:params:scim:schemas:extension:grouptalk:2.0:Group';

const open: Client[] = [];
async function service(name: string, options: Partial<ScimSimulatorOptions> = {}): Promise<Client> {
  const rules = findService(name);
  if (rules === null) throw new Error(`there is no service ${name}`);
  const started = await startClient({ rules, ...options });
  open.push(started);
  return started;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ simulator }) => simulator.close()));
});

const summary = ({ status, body }: Reply) => [status, body['scimType'] ?? null];
const find = (client: Client, endpoint: string, filter: string): Promise<Reply> =>
  client.send('GET', `/${endpoint}?filter=${encodeURIComponent(filter)}`);
const read = async (client: Client, path: string): Promise<JsonObject> => (await client.send('GET', path)).body;

describe('every service', () => {
  it.each(applications.filter(({ id }) => id !== 'scim').map((one) => [one.id, one] as const))(
    '%s takes what its template maps and filters by what it matches with',
    async (id, { users, groups }) => {
      const client = await service(id);
      const offers = [
        { endpoint: 'Users', type: 'User', offer: users, core: USER },
        { endpoint: 'Groups', type: 'Group', offer: groups, core: GROUP },
      ] as const;
      for (const { endpoint, type, offer, core } of offers) {
        if (offer === null) {
          expect((await client.send('GET', `/${endpoint}`)).status).toBe(404);
          continue;
        }
        const texts = offer.mappings.filter(({ target }) => !/members|:manager$/.test(target));
        const desired = Object.fromEntries(texts.map(({ target }) => [target, target === 'active' ? true : target]));
        if (offer.actions.includes('Add'))
          expect((await client.send('POST', `/${endpoint}`, createBody(type, core, desired))).status).toBe(201);
        for (const path of offer.filterable ?? [])
          expect(summary(await find(client, endpoint, `${path} eq "nobody"`))).toEqual([200, null]);
      }
      const types = (await read(client, '/ResourceTypes'))['Resources'] as readonly JsonObject[];
      expect(types.map((each) => each['endpoint'])).toEqual(groups === null ? ['/Users'] : ['/Users', '/Groups']);
    },
  );

  it('answers under the path of its tenant URL, and nowhere else', async () => {
    for (const { name, basePath } of services) {
      const { simulator } = await service(name);
      expect(new URL(simulator.url).pathname).toBe(basePath);
      const elsewhere = await fetch(new URL('/elsewhere/Users', simulator.url));
      expect(elsewhere.status).toBe(404);
      expect((await fetch(`${simulator.url}/Users`)).status).toBe(401);
    }
  });

  it('answers 429 with Retry-After to more requests a second than it takes', async () => {
    const client = await service('grouptalk', { faults: { requestsPerSecond: 5 } });
    const replies = await Promise.all(Array.from({ length: 12 }, () => client.send('GET', '/Users?count=1')));
    const refused = replies.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(12);
    for (const { headers } of refused) expect(headers.get('retry-after')).toBe('1');
    client.simulator.setFaults({ requestsPerSecond: 0 });
    expect((await client.send('GET', '/Users?count=1')).status).toBe(200);
  });
});

describe('grouptalk', () => {
  it('keeps labels and descriptions in its own extensions, and refuses what it does not declare', async () => {
    const client = await service('grouptalk');
    const user = await client.user({ schemas: [USER, LABELS], userName: 'ann', [LABELS]: { label1: 'North' } });
    await client.patch(`/Users/${user}`, [{ op: 'add', path: `${LABELS}:label5`, value: 'Night' }]);
    expect((await read(client, `/Users/${user}`))[LABELS]).toEqual({ label1: 'North', label5: 'Night' });
    for (const [path, value] of [
      [`${LABELS}:label6`, 'x'],
      [`${ENTERPRISE}:department`, 'x'],
      ['title', 'x'],
      ['name.formatted', 'x'],
    ])
      expect((await client.patch(`/Users/${user}`, [{ op: 'add', path, value }])).status).toBe(400);
    const schemas = [USER, 'urn:example:unknown:2.0:User'];
    expect((await client.send('POST', '/Users', { schemas, userName: 'bob' })).status).toBe(400);
    const group = await client.send('POST', '/Groups', {
      schemas: [GROUP, DESCRIPTION],
      displayName: 'Guards',
      [DESCRIPTION]: { description: 'At the gate' },
    });
    expect(group.body[DESCRIPTION]).toEqual({ description: 'At the gate' });
    const documents = (await read(client, '/Schemas'))['Resources'] as readonly JsonObject[];
    expect(documents.map(({ id }) => id)).toEqual([USER, ENTERPRISE, LABELS, GROUP, DESCRIPTION]);
  });

  it.each([
    ['phoneNumbers[type eq "mobile"].value eq "1"', 200],
    ['phoneNumbers[type eq "mobile" and value eq "1"]', 200],
    ['EMAILS[type eq "work"].value eq "a@b.c"', 200],
    ['userName eq "a" and emails[type eq "work"].value eq "a@b.c"', 200],
    ['emails.value eq "a@b.c"', 400],
    ['emails[type eq "home"].value eq "a@b.c"', 400],
    ['phoneNumbers[type eq "work"].value eq "1"', 400],
    ['externalId eq "1"', 400],
    ['userName eq "a" or externalId eq "1"', 400],
    ['not (active eq true)', 400],
    [`${LABELS}:label1 eq "North"`, 400],
    ['name.givenName pr', 400],
  ])('answers the filter %s with %i', async (filter, status) => {
    const reply = await find(await service('grouptalk'), 'Users', filter);
    expect(summary(reply)).toEqual([status, status === 200 ? null : 'invalidFilter']);
  });
});

describe('jostle', () => {
  it('has no groups, and four e-mail addresses of which each type occurs once', async () => {
    const client = await service('jostle');
    for (const method of ['GET', 'POST'])
      expect((await client.send(method, '/Groups', method === 'POST' ? {} : undefined)).status).toBe(404);
    const emails = ['work', 'personal', 'alternate1', 'alternate2'].map((type) => ({ type, value: `${type}@x.org` }));
    const id = await client.user({ userName: 'ann', emails });
    await client.patch(`/Users/${id}`, [
      { op: 'replace', path: 'emails[type eq "personal"].value', value: 'new@x.org' },
    ]);
    expect((await read(client, `/Users/${id}`))['emails']).toEqual(
      emails.map((email) => (email.type === 'personal' ? { ...email, value: 'new@x.org' } : email)),
    );
    for (const value of [[{ type: 'home', value: 'h@x.org' }], [{ type: 'work', value: 'second@x.org' }]])
      expect(summary(await client.patch(`/Users/${id}`, [{ op: 'add', path: 'emails', value }]))).toEqual([
        400,
        'invalidValue',
      ]);
    expect(summary(await find(client, 'Users', 'emails[type eq "work"].value eq "work@x.org"'))).toEqual([
      400,
      'invalidFilter',
    ]);
  });
});

describe('gtmhub', () => {
  it('creates no user over SCIM, but has those who signed on, and deletes them', async () => {
    const client = await service('gtmhub');
    expect((await client.send('POST', '/Users', { schemas: [USER], userName: 'ann' })).status).toBe(403);
    const signOn = await fetch(new URL('/simulator/sign-on', client.simulator.url), {
      method: 'POST',
      body: '{"userName": "ann"}',
    });
    expect(signOn.status).toBe(204);
    client.simulator.signOn('ann');
    const found = (await find(client, 'Users', 'userName eq "ann"')).body['Resources'] as readonly JsonObject[];
    expect(found).toHaveLength(1);
    const path = `/Users/${found.map(({ id }) => id as string).join()}`;
    expect((await client.patch(path, [{ op: 'add', path: 'externalId', value: '7' }])).status).toBe(200);
    expect((await client.patch(path, [{ op: 'replace', path: 'active', value: false }])).status).toBe(400);
    expect((await client.send('DELETE', path)).status).toBe(204);
  });
});

describe('dialpad', () => {
  it('renames no group, by PATCH or PUT, and changes its members all the same', async () => {
    const client = await service('dialpad');
    const user = await client.user({ userName: 'ann' });
    const group = await client.group('Sales');
    const path = `/Groups/${group}`;
    const rename = [{ op: 'replace', path: 'displayName', value: 'Sales EMEA' }];
    expect(summary(await client.patch(path, rename))).toEqual([400, 'mutability']);
    const put = { schemas: [GROUP], displayName: 'Sales EMEA' };
    expect(summary(await client.send('PUT', path, put))).toEqual([400, 'mutability']);
    expect((await client.patch(path, [{ op: 'add', path: 'members', value: [{ value: user }] }])).status).toBe(204);
    expect(await read(client, path)).toMatchObject({ displayName: 'Sales', members: [{ value: user }] });
  });
});

describe('tracktik', () => {
  it('shows users as employees of HQ and groups as the roles that they hold', async () => {
    const client = await service('tracktik');
    const ann = await client.user({ userName: 'ann', active: true });
    await client.user({ userName: 'bob', active: false });
    await client.group('Patrol', [ann]);
    const shown = (await (await fetch(new URL('/simulator/state', client.simulator.url))).json()) as JsonObject;
    expect(shown['employees']).toMatchObject([
      { username: 'ann', status: 'ACTIVE', region: 'HQ', roles: ['Patrol'] },
      { username: 'bob', status: 'INACTIVE', region: 'HQ', roles: [] },
    ]);
    expect(shown['roles']).toMatchObject([{ name: 'Patrol' }]);
    expect(shown['users']).toHaveLength(2);
  });
});
