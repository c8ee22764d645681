// Lists, single objects and relations, with the query options that Graph knows.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type Item, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ users: 250 });
});
afterAll(() => world.close());

const eventual = { consistencylevel: 'eventual' };
const code = async (path: string, headers = {}): Promise<string> => {
  const { status, body } = await world.call('GET', path, undefined, headers);
  return `${String(status)} ${body.error?.code ?? ''}`;
};
const root = async (): Promise<Item> => (await world.get('/users?$top=1')).value[0] ?? { id: 'missing' };

describe('lists', () => {
  it('come in pages of a hundred with links on the host that the client used', async () => {
    const first = await world.get('/users');
    expect(first.value.length).toBe(100);
    expect(first['@odata.nextLink']).toMatch(new RegExp(`^${world.mock.url}/v1\\.0/users\\?\\$skiptoken=`));
    const { items, pages } = await world.all('/users?$top=99&$select=id');
    expect([items.length, new Set(items.map(({ id }) => id)).size, pages]).toEqual([250, 250, 3]);
  });

  it('show default properties with null for what is not set, and only the selected ones with $select', async () => {
    const { value } = await world.get('/users');
    expect(Object.keys(value[0] ?? {}).sort()).toEqual(
      [
        'id',
        'businessPhones',
        'displayName',
        'givenName',
        'jobTitle',
        'mail',
        'mobilePhone',
        'officeLocation',
        'preferredLanguage',
        'surname',
        'userPrincipalName',
      ].sort(),
    );
    const selected = await world.get('/users?$select=department,accountEnabled,otherMails&$top=1');
    expect(Object.keys(selected.value[0] ?? {})).toEqual(['department', 'accountEnabled', 'otherMails']);
    expect(selected['@odata.context']).toContain('#users(department,accountEnabled,otherMails)');
  });

  it('filter, also over several pages and by key', async () => {
    const { items } = await world.all(
      "/users?$filter=startswith(userPrincipalName,'a')&$top=5&$select=userPrincipalName",
    );
    const everybody = (await world.all('/users?$top=999')).items;
    expect(items.length).toBe(everybody.filter((one) => one.userPrincipalName?.startsWith('a') === true).length);
    const { id, userPrincipalName = '' } = everybody[40] ?? { id: '' };
    for (const filter of [
      `id eq '${id}'`,
      `userPrincipalName eq '${encodeURIComponent(userPrincipalName.toUpperCase())}'`,
      `id in ('${id}')`,
    ])
      expect((await world.get(`/users?$filter=${filter}`)).value.map((one) => one.id)).toEqual([id]);
  });

  it('sort by display name over pages', async () => {
    const { items } = await world.all('/users?$orderby=displayName desc&$top=40&$select=displayName');
    const names = items.map(({ displayName }) => displayName?.toLowerCase() ?? '');
    expect(names.length).toBe(250);
    expect(names).toEqual([...names].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0)));
  });

  it('count and search only with ConsistencyLevel', async () => {
    expect((await world.get('/users?$count=true'))['@odata.count']).toBeUndefined();
    expect((await world.get('/users?$count=true', eventual))['@odata.count']).toBe(250);
    expect(await code('/users/$count')).toBe('400 Request_BadRequest');
    expect((await world.call('GET', '/users/$count', undefined, eventual)).text).toBe('250');
    expect(await code('/users?$search="displayName:a"')).toBe('400 Request_BadRequest');
    const { id, displayName } = await root();
    const word = displayName?.split(' ')[1] ?? '';
    const found = await world.all(`/users?$search="displayName:${encodeURIComponent(word)}"`, eventual);
    expect(found.items.map((one) => one.id)).toContain(id);
  });

  it.each([
    ['/users?$top=1000', '400 Request_BadRequest'],
    ['/users?$skip=5', '400 Request_BadRequest'],
    ["/users?$filter=department ne 'x'", '400 Request_UnsupportedQuery'],
    ["/users?$filter=contains(displayName,'x')", '400 Request_UnsupportedQuery'],
    ['/users?$select=shoeSize', '400 Request_BadRequest'],
    ['/users?$select=skills', '501 NotImplemented'],
    ['/users?$skiptoken=abc', '400 Request_BadRequest'],
    ['/users/00000000-0000-4000-8000-000000000000', '404 Request_ResourceNotFound'],
    ['/directory/deletedItems', '400 Request_BadRequest'],
    ['/nothing', '400 BadRequest'],
  ])('answer GET %s with %s', async (path, expected) => {
    expect(await code(path)).toBe(expected);
  });

  it('name the same request id in the headers and the body of a refusal', async () => {
    const { headers, body } = await world.call('GET', '/users/nobody', undefined, { 'client-request-id': 'mine' });
    const inner = (body.error as unknown as { innerError: Record<string, string> }).innerError;
    expect([headers['request-id'], headers['client-request-id']]).toEqual([inner['request-id'], 'mine']);
    expect(inner['client-request-id']).toBe('mine');
  });

  it('answer a wrong method with 405', async () => {
    expect((await world.call('PUT', '/users')).status).toBe(405);
  });
});

describe('single objects and relations', () => {
  it('are found by id, name, key in parentheses, and with a trailing slash', async () => {
    const { id, userPrincipalName = '' } = await root();
    const name = encodeURIComponent(userPrincipalName);
    for (const path of [
      `/users/${id}`,
      `/users/${id.toUpperCase()}/`,
      `/users('${id}')`,
      `/users/${name}`,
      `/users(userPrincipalName='${name}')`,
    ])
      expect((await world.get(path))['id']).toBe(id);
    const guest = (await world.all("/users?$filter=userType eq 'Guest'&$select=id,userPrincipalName")).items[0];
    expect((await world.get(`/users/${encodeURIComponent(guest?.userPrincipalName ?? '')}`))['id']).toBe(guest?.id);
  });

  it('know managers and reports from both ends', async () => {
    const { id } = await root();
    const { value: reports } = await world.get(`/users/${id}/directReports`);
    expect(reports.length).toBeGreaterThan(0);
    for (const report of reports) {
      expect(await world.get(`/users/${report.id}/manager`)).toMatchObject({
        id,
        '@odata.type': '#microsoft.graph.user',
      });
      expect((await world.get(`/users/${report.id}?$expand=manager($select=id)`))['manager']).toMatchObject({ id });
    }
    expect(await code(`/users/${id}/manager`)).toBe('404 Request_ResourceNotFound');
  });

  it('know members and memberships from both ends, nested groups included', async () => {
    const groups = (await world.get('/groups')).value;
    const nesting = groups[3]?.id ?? '';
    const { items: members } = await world.all(`/groups/${nesting}/members`);
    const nested = members.filter((member) => member['@odata.type'] === '#microsoft.graph.group').map(({ id }) => id);
    expect(nested).toEqual([groups[4]?.id, groups[5]?.id]);
    const { items: users } = await world.all(`/groups/${nesting}/members/microsoft.graph.user`);
    expect(users.length).toBe(members.length - 2);
    expect((await world.get(`/users/${users[0]?.id ?? ''}/memberOf`)).value.map(({ id }) => id)).toContain(nesting);
    const { items: transitive } = await world.all(`/groups/${nesting}/transitiveMembers?$top=999`);
    expect(transitive.length).toBeGreaterThanOrEqual(members.length);
    expect(new Set(transitive.map(({ id }) => id)).size).toBe(transitive.length);
    expect(await code(`/groups/${nesting}/transitiveMembers/microsoft.graph.user`)).toBe(
      '400 Request_UnsupportedQuery',
    );
  });
});
