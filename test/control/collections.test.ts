import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SP } from '../support/fake-deps.ts';
import { openControl } from '../support/control.ts';
import type { Control } from '../support/control.ts';

const root = `/v1.0/servicePrincipals/${SP.id}/synchronization`;

interface Page {
  readonly '@odata.context': string;
  readonly '@odata.count'?: number;
  readonly '@odata.nextLink'?: string;
  readonly value: readonly Readonly<Record<string, unknown>>[];
}
interface Refusal {
  readonly error: { readonly code: string; readonly message: string; readonly target: string };
}

let control: Control;
let ids: readonly string[];
beforeEach(async () => {
  control = await openControl();
  ids = [await created(), await created(), await created()];
  await control.post(`${root}/jobs/${ids[1] ?? ''}/start`, {});
});
afterEach(() => control.close());

const created = async () => (await control.post(`${root}/jobs`, { templateId: 'scim' })).json<{ id: string }>().id;
const list = async (query: string) => (await control.send('GET', `${root}/jobs?${query}`)).json<Page>();
const idsOf = async (query: string) => (await list(query)).value.map(({ id }) => id);
const refusal = async (query: string) => {
  const answer = await control.send('GET', `${root}/jobs?${query}`);
  expect(answer.statusCode).toBe(400);
  return answer.json<Refusal>().error;
};

describe('a list', () => {
  it.each([
    ["$filter=schedule/state eq 'Active'", 1],
    ["filter=SCHEDULE/STATE ne 'Active'", 2],
    ["$filter=startswith(id,'scim.') and templateId eq 'scim'", 3],
    ["$filter=not (schedule/state eq 'Active')", 2],
    ['$filter=status/countSuccessiveCompleteFailures ge 1', 0],
    ['$filter=status/escrowsPruned eq false', 3],
    ['$filter=status/steadyStateLastAchievedTime lt 2020-01-01T00:00:00Z', 3],
    ['$filter=status/quarantine/reason eq null', 3],
  ])('is filtered by %s', async (query, count) => {
    expect((await list(query)).value).toHaveLength(count);
  });

  it('is ordered, with several properties and in both directions', async () => {
    const active = await idsOf("$filter=schedule/state eq 'Active'");
    expect((await idsOf('$orderby=schedule/state,id desc'))[0]).toBe(active[0]);
    expect(await idsOf('$orderby=id desc')).toEqual([...ids].sort().reverse());
  });

  it('is paged, and its next links lead through all of it once', async () => {
    const seen: unknown[] = [];
    let next: string | undefined = `${root}/jobs?$top=2&$count=true&$orderby=id`;
    while (next !== undefined) {
      const page: Page = (await control.send('GET', next)).json<Page>();
      expect(page['@odata.count']).toBe(3);
      seen.push(...page.value.map(({ id }) => id));
      next = page['@odata.nextLink'];
    }
    expect(seen).toEqual([...ids].sort());
    expect(await idsOf('$orderby=id&$skip=1&$top=1')).toEqual([[...ids].sort()[1]]);
    expect(await idsOf('$skip=3')).toEqual([]);
  });

  it('shows what was selected, as one resource does', async () => {
    const page = await list('$select=id,Schedule&$top=1');
    expect(Object.keys(page.value[0] ?? {})).toEqual(['id', 'schedule']);
    expect(page['@odata.context']).toMatch(/jobs\(id,schedule\)$/);
    const one = await control.send('GET', `${root}/jobs/${ids[0] ?? ''}?$select=templateId`);
    expect(Object.keys(one.json<object>())).toEqual(['@odata.context', 'templateId']);
  });

  it.each([
    ['$top=0', '$top'],
    ['$top=-1', '$top'],
    ['$top=1.5', '$top'],
    ['$top=99999999999', '$top'],
    ['$skip=x', '$skip'],
    ['$skiptoken=%27%3b--', '$skiptoken'],
    ['$count=maybe', '$count'],
    ['$select=password', '$select'],
    ['$orderby=id sideways', '$orderby'],
    ['$orderby=secrets', '$orderby'],
    ["$filter=id eq 'a' or", '$filter'],
    ["$filter=nothing eq 'a'", '$filter'],
    ['$filter=id eq 7', '$filter'],
    ["$filter=status/escrowsPruned eq 'false'", '$filter'],
    ['$expand=schema', '$expand'],
    ['$search="a"', '$search'],
    ['$top=1&$top=2', '$top'],
  ])('says what is wrong with %s', async (query, target) => {
    expect((await refusal(query)).target).toBe(target);
  });
});

describe('every list', () => {
  it.each(['jobs', 'secrets', 'templates', 'templates/scim/schema/directories', 'templates/scim/schema/functions'])(
    'of %s takes the options',
    async (path) => {
      const page = await control.send('GET', `${root}/${path}?$top=1&$count=true`);
      expect(page.statusCode).toBe(200);
      const { value, '@odata.count': count = 0 } = page.json<Page>();
      expect(value.length).toBe(Math.min(count, 1));
    },
  );
});

describe('the description of the API', () => {
  it('says of every operation what it answers, and refers to nothing that is not there', async () => {
    const document = (await control.send('GET', '/api/openapi.json')).json<{
      paths: Record<string, Record<string, { responses: Record<string, { content?: object }> }>>;
      components: { schemas: Record<string, unknown> };
    }>();
    for (const [path, methods] of Object.entries(document.paths))
      for (const [method, { responses }] of Object.entries(methods))
        for (const status of Object.keys(responses).filter((each) => each.startsWith('2') && each !== '204'))
          expect([path, method, responses[status]?.content]).not.toContain(undefined);
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(20);
    for (const [, name] of references) expect(document.components.schemas).toHaveProperty([name ?? '']);
  });
});
