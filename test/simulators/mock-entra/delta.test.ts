// Delta, in every form that the contract with Graph names.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorld, type Item, type World } from './world.ts';

let world: World;
let clock: Date;
beforeEach(async () => {
  clock = new Date('2026-03-01T12:00:00Z');
  world = await openWorld({ now: () => clock });
});
afterEach(() => world.close());

const link = (text: string | undefined): string => text ?? 'missing';
const latest = async (path: string): Promise<string> =>
  link((await world.get(`${path}${path.includes('?') ? '&' : '?'}$deltatoken=latest`))['@odata.deltaLink']);
const reference = (id: string) => ({ '@odata.id': `${world.mock.url}/v1.0/directoryObjects/${id}` });
const users = async (): Promise<readonly Item[]> => (await world.get('/users')).value;
const user = async (n: number): Promise<Item> => (await users())[n] ?? { id: 'missing' };
const createGroup = async (extra: object = {}): Promise<string> => {
  const body = { displayName: 'Made', mailEnabled: false, mailNickname: 'made', securityEnabled: true, ...extra };
  return String((await world.call('POST', '/groups', body)).body['id']);
};

describe('the initial round', () => {
  it.each(['/users/delta', '/users/delta()', '/users/microsoft.graph.delta()', '/beta/users/delta'])(
    'is served at %s',
    async (path) => {
      const { items, deltaLink } = await world.all(path);
      expect(new Set(items.map(({ id }) => id)).size).toBe(60);
      expect(deltaLink).toContain('$deltatoken=');
    },
  );

  it('has exactly one link on every page, and leaves out properties that were never set', async () => {
    await world.faults({ pageSize: 7 });
    for (let next: string | undefined = '/users/delta?$select=mail,department'; next !== undefined;) {
      const page = await world.get(next);
      expect(Number('@odata.nextLink' in page) + Number('@odata.deltaLink' in page)).toBe(1);
      expect(page.value.every((one) => one['mail'] !== null && !('displayName' in one))).toBe(true);
      next = page['@odata.nextLink'];
    }
  });

  it('gives the members of a large group in slices over consecutive pages with identical properties', async () => {
    const empty = await createGroup();
    await world.faults({ memberSliceSize: 25 });
    const { items } = await world.all('/groups/delta');
    const staff = items.filter(({ displayName }) => displayName === 'All Staff');
    const members = staff.flatMap((slice) => slice['members@delta'] as Item[]);
    expect(staff.length).toBe(3);
    expect(new Set(members.map(({ id }) => id)).size).toBe(60);
    expect(new Set(staff.map((slice) => JSON.stringify({ ...slice, 'members@delta': null }))).size).toBe(1);
    expect(items.filter((group) => !('members@delta' in group)).map(({ id }) => id)).toContain(empty);
  });

  it('names nested groups as members of their kind', async () => {
    const { items } = await world.all('/groups/delta?$select=members');
    const kinds = items.flatMap((group) =>
      ((group['members@delta'] ?? []) as Item[]).map((member) => member['@odata.type']),
    );
    expect(new Set(kinds)).toEqual(new Set(['#microsoft.graph.user', '#microsoft.graph.group']));
    expect(Object.keys(items[0] ?? {}).sort()).toEqual(['id', 'members@delta']);
  });

  it('gives the manager when it is selected', async () => {
    const { items } = await world.all('/users/delta?$select=manager');
    const root = items[0]?.id;
    expect(items[0]).toEqual({ id: root });
    expect(
      items.some(
        (one) =>
          JSON.stringify(one['manager@delta']) ===
          JSON.stringify([{ '@odata.type': '#microsoft.graph.user', id: root }]),
      ),
    ).toBe(true);
  });

  it('follows only the objects of `$filter=id eq`, at most fifty', async () => {
    const [a, b, c] = await users();
    const path = `/users/delta?$filter=id eq '${a?.id ?? ''}' or id eq '${b?.id ?? ''}'&$select=department`;
    const { items, deltaLink } = await world.all(path);
    expect(items.map(({ id }) => id)).toEqual([a?.id, b?.id]);
    for (const one of [b, c]) await world.call('PATCH', `/users/${one?.id ?? ''}`, { department: 'New' });
    expect((await world.all(link(deltaLink))).items).toEqual([{ id: b?.id, department: 'New' }]);
    const tooMany = Array.from({ length: 51 }, () => `id eq '${a?.id ?? ''}'`).join(' or ');
    expect((await world.call('GET', `/users/delta?$filter=${tooMany}`)).status).toBe(400);
  });

  it.each(['$expand=manager', '$top=5', '$orderby=displayName', "$filter=displayName eq 'x'", '$select=shoeSize'])(
    'refuses %s',
    async (option) => {
      expect((await world.call('GET', `/users/delta?${option}`)).status).toBe(400);
    },
  );

  it('honours odata.maxpagesize as a test knob', async () => {
    expect((await world.get('/users/delta', { prefer: 'odata.maxpagesize=3' })).value.length).toBe(3);
  });
});

describe('a later round', () => {
  it('is empty with a new link when nothing changed', async () => {
    const { items, deltaLink } = await world.all(await latest('/users/delta'));
    expect(items).toEqual([]);
    expect(deltaLink).toContain('$deltatoken=');
  });

  it('tells changed properties, with null for cleared ones, and only if one of them was selected', async () => {
    const { id } = await user(3);
    const [names, titles] = [
      await latest('/users/delta?$select=displayName,jobTitle'),
      await latest('/users/delta?$select=city'),
    ];
    await world.call('PATCH', `/users/${id}`, { displayName: 'Renamed', jobTitle: null });
    expect((await world.all(names)).items).toEqual([{ id, displayName: 'Renamed', jobTitle: null }]);
    expect((await world.all(titles)).items).toEqual([]);
  });

  it('tells only what changed with Prefer: return=minimal', async () => {
    const { id } = await user(3);
    const since = await latest('/users/delta');
    await world.call('PATCH', `/users/${id}`, { jobTitle: 'Diver' });
    expect((await world.all(since, { prefer: 'return=minimal' })).items).toEqual([{ id, jobTitle: 'Diver' }]);
    expect(Object.keys((await world.all(since)).items[0] ?? {}).length).toBeGreaterThan(3);
  });

  it('does not surface an object that was written with equal values', async () => {
    const { id, displayName } = await user(3);
    const since = await latest('/users/delta');
    expect((await world.call('PATCH', `/users/${id}`, { displayName })).status).toBe(204);
    expect((await world.all(since)).items).toEqual([]);
  });

  it('tells the whole life of a user: created, soft-deleted, restored, deleted for good', async () => {
    let since = await latest('/users/delta?$select=displayName');
    const step = async (): Promise<readonly Item[]> => {
      const { items, deltaLink } = await world.all(since);
      since = link(deltaLink);
      return items;
    };
    const body = {
      displayName: 'Neo',
      userPrincipalName: 'neo@contoso.example',
      mailNickname: 'neo',
      accountEnabled: true,
    };
    const id = String((await world.call('POST', '/users', body)).body['id']);
    expect(await step()).toEqual([{ id, displayName: 'Neo' }]);
    await world.call('DELETE', `/users/${id}`);
    expect(await step()).toEqual([{ id, '@removed': { reason: 'changed' } }]);
    await world.call('POST', `/directory/deletedItems/${id}/restore`);
    expect(await step()).toEqual([{ id, displayName: 'Neo' }]);
    await world.call('DELETE', `/users/${id}`);
    await world.call('DELETE', `/directory/deletedItems/${id}`);
    expect(await step()).toEqual([{ id, '@removed': { reason: 'deleted' } }]);
    expect(await step()).toEqual([]);
  });

  it('tells members that came and went', async () => {
    const [a, b] = await users();
    const group = await createGroup({ 'members@odata.bind': [`${world.mock.url}/v1.0/users/${a?.id ?? ''}`] });
    const since = await latest('/groups/delta?$select=displayName,members');
    await world.call('DELETE', `/groups/${group}/members/${a?.id ?? ''}/$ref`);
    await world.call('POST', `/groups/${group}/members/$ref`, reference(b?.id ?? ''));
    const expected = [
      { '@odata.type': '#microsoft.graph.user', id: a?.id, '@removed': { reason: 'deleted' } },
      { '@odata.type': '#microsoft.graph.user', id: b?.id },
    ];
    expect((await world.all(since)).items).toEqual([{ id: group, displayName: 'Made', 'members@delta': expected }]);
    expect((await world.all(since, { prefer: 'return=minimal' })).items).toEqual([
      { id: group, 'members@delta': expected },
    ]);
    expect((await world.all(await latest('/groups/delta?$select=displayName'))).items).toEqual([]);
  });

  it('tells a security group that is deleted as deleted, and a Microsoft 365 group as changed', async () => {
    const [security, unified] = [
      await createGroup(),
      await createGroup({ groupTypes: ['Unified'], mailEnabled: true, mailNickname: 'm365' }),
    ];
    const since = await latest('/groups/delta');
    for (const id of [security, unified]) expect((await world.call('DELETE', `/groups/${id}`)).status).toBe(204);
    expect((await world.all(since)).items).toEqual([
      { id: security, '@removed': { reason: 'deleted' } },
      { id: unified, '@removed': { reason: 'changed' } },
    ]);
  });

  it('tells a new manager next to the removal of the former one', async () => {
    const [boss, report, other] = await users();
    await world.call('PUT', `/users/${report?.id ?? ''}/manager/$ref`, reference(boss?.id ?? ''));
    const since = await latest('/users/delta?$select=manager');
    await world.call('PUT', `/users/${report?.id ?? ''}/manager/$ref`, reference(other?.id ?? ''));
    const [former, now] = [boss, other].map((one) => ({ '@odata.type': '#microsoft.graph.user', id: one?.id }));
    expect((await world.all(since)).items).toEqual([
      { id: report?.id, 'manager@delta': [{ ...former, '@removed': { reason: 'deleted' } }, now] },
    ]);
    await world.call('DELETE', `/users/${report?.id ?? ''}/manager/$ref`);
    expect((await world.all(since)).items[0]?.['manager@delta']).toEqual([
      { ...former, '@removed': { reason: 'deleted' } },
    ]);
  });

  it('tells groups and reports of their loss when a member and manager is deleted for good, and not before', async () => {
    const [boss, report] = await users();
    const [bossId, reportId] = [boss?.id ?? '', report?.id ?? ''];
    await world.call('PUT', `/users/${reportId}/manager/$ref`, reference(bossId));
    const group = await createGroup({ 'members@odata.bind': [`${world.mock.url}/v1.0/users/${bossId}`] });
    const [inGroups, inUsers] = [
      await latest('/groups/delta?$select=members'),
      await latest('/users/delta?$select=manager'),
    ];
    await world.call('DELETE', `/users/${bossId}`);
    expect((await world.all(inGroups)).items).toEqual([]);
    expect((await world.all(inUsers)).items).toEqual([{ id: bossId, '@removed': { reason: 'changed' } }]);
    expect((await world.call('DELETE', `/directory/deletedItems/${bossId}`)).status).toBe(204);
    const lost = { '@odata.type': '#microsoft.graph.user', id: bossId, '@removed': { reason: 'deleted' } };
    const groups = (await world.all(inGroups)).items;
    expect(groups).toContainEqual({ id: group, 'members@delta': [lost] });
    expect(groups.length).toBeGreaterThan(1);
    expect(groups.map((one) => one['members@delta'])).toEqual(groups.map(() => [lost]));
    const after = (await world.all(inUsers)).items;
    expect(after).toContainEqual({ id: reportId, 'manager@delta': [lost] });
    expect(after).toContainEqual({ id: bossId, '@removed': { reason: 'deleted' } });
    expect((await world.call('GET', `/users/${reportId}/manager`)).status).toBe(404);
  });

  it('tells the group around a security group of its deletion', async () => {
    const inner = await createGroup();
    const outer = await createGroup({ 'members@odata.bind': [`${world.mock.url}/v1.0/groups/${inner}`] });
    const since = await latest('/groups/delta?$select=members');
    await world.call('DELETE', `/groups/${inner}`);
    const lost = { '@odata.type': '#microsoft.graph.group', id: inner, '@removed': { reason: 'deleted' } };
    expect((await world.all(since)).items).toEqual([
      { id: outer, 'members@delta': [lost] },
      { id: inner, '@removed': { reason: 'deleted' } },
    ]);
  });

  it('tells of an object that was deleted and restored also what it lost in the same span', async () => {
    const [a, b, boss] = (await users()).map(({ id }) => id);
    const members = [a, b].map((id) => `${world.mock.url}/v1.0/users/${id ?? ''}`);
    const m365 = { groupTypes: ['Unified'], mailEnabled: true, 'members@odata.bind': members };
    const group = await createGroup(m365);
    await world.call('PUT', `/users/${b ?? ''}/manager/$ref`, reference(boss ?? ''));
    const [inGroups, inUsers] = [
      await latest('/groups/delta?$select=members'),
      await latest('/users/delta?$select=manager'),
    ];
    await world.call('DELETE', `/groups/${group}/members/${a ?? ''}/$ref`);
    await world.call('DELETE', `/users/${b ?? ''}/manager/$ref`);
    for (const [set, id] of [
      ['groups', group],
      ['users', b ?? ''],
    ] as const) {
      await world.call('DELETE', `/${set}/${id}`);
      expect((await world.call('POST', `/directory/deletedItems/${id}/restore`)).status).toBe(200);
    }
    const live = (id: string | undefined) => ({ '@odata.type': '#microsoft.graph.user', id });
    const lost = (id: string | undefined) => ({ ...live(id), '@removed': { reason: 'deleted' } });
    expect((await world.all(inGroups)).items).toEqual([{ id: group, 'members@delta': [live(b), lost(a)] }]);
    expect((await world.all(inUsers)).items).toEqual([{ id: b, 'manager@delta': [lost(boss)] }]);
  });

  it('leaves out a property that was never set, and has null once it was cleared', async () => {
    const group = await createGroup();
    const since = await latest('/groups/delta?$select=displayName,description');
    await world.call('PATCH', `/groups/${group}`, { displayName: 'Other' });
    expect((await world.all(since)).items).toEqual([{ id: group, displayName: 'Other' }]);
    await world.call('PATCH', `/groups/${group}`, { description: 'Known' });
    await world.call('PATCH', `/groups/${group}`, { description: null });
    expect((await world.all(since)).items).toEqual([{ id: group, displayName: 'Other', description: null }]);
    const { items } = await world.all('/groups/delta?$select=displayName,description');
    expect(items).toContainEqual({ id: group, displayName: 'Other', description: null });
  });

  it('refuses a property that does not exist, in the words of Graph', async () => {
    const { status, body } = await world.call('GET', '/users/delta?$select=displayName,shoeSize');
    expect([status, body.error]).toMatchObject([
      400,
      {
        code: 'Request_BadRequest',
        message: "Could not find a property named 'shoeSize' on type 'microsoft.graph.user'.",
      },
    ]);
  });

  it('follows applications and service principals as well', async () => {
    const since = await latest('/servicePrincipals/delta?$select=displayName');
    const { body } = await world.call('POST', '/applications', { displayName: 'App' });
    const [application, appId] = [String(body['id']), String(body['appId'])];
    const principal = String((await world.call('POST', '/servicePrincipals', { appId })).body['id']);
    expect((await world.all(since)).items).toEqual([{ id: principal, displayName: 'App' }]);
    expect((await world.all('/applications/delta?$select=displayName')).items).toEqual([
      { id: application, displayName: 'App' },
    ]);
    await world.call('DELETE', `/applications/${application}`);
    expect((await world.all(since)).items).toEqual([{ id: principal, '@removed': { reason: 'changed' } }]);
  });

  it('tells what changed while the initial round was being read', async () => {
    await world.faults({ pageSize: 20 });
    const first = await world.get('/users/delta?$select=jobTitle');
    const { id } = first.value[0] ?? { id: '' };
    await world.call('PATCH', `/users/${id}`, { jobTitle: 'Meanwhile' });
    const { deltaLink } = await world.all(link(first['@odata.nextLink']));
    expect((await world.all(link(deltaLink))).items).toEqual([{ id, jobTitle: 'Meanwhile' }]);
  });

  it('pages many changes, each object once', async () => {
    const since = await latest('/users/delta?$select=jobTitle');
    const all = await users();
    for (const { id } of all) await world.call('PATCH', `/users/${id}`, { jobTitle: 'A' });
    for (const { id } of all.slice(0, 5)) await world.call('PATCH', `/users/${id}`, { jobTitle: 'B' });
    await world.faults({ pageSize: 9 });
    const { items, pages } = await world.all(since);
    expect(pages).toBe(7);
    expect(items.length).toBe(60);
    expect(items.filter((one) => one['jobTitle'] === 'B').length).toBe(5);
  });

  it('refuses options next to a token', async () => {
    const since = await latest('/users/delta');
    expect((await world.call('GET', `${since}&$select=id`)).status).toBe(400);
  });
});

describe('a link that is no longer good', () => {
  it('is answered with 400 syncStateNotFound after seven days', async () => {
    const since = await latest('/users/delta');
    clock = new Date(clock.getTime() + 7 * 86_400_000 - 1000);
    expect((await world.call('GET', since)).status).toBe(200);
    clock = new Date(clock.getTime() + 2000);
    expect(await world.call('GET', since)).toMatchObject({
      status: 400,
      body: { error: { code: 'syncStateNotFound' } },
    });
  });

  it('is answered with 400 when links were expired, or were never ours', async () => {
    const since = await latest('/users/delta');
    await world.faults({ expireTokens: true });
    expect((await world.call('GET', since)).body.error?.code).toBe('syncStateNotFound');
    expect((await world.call('GET', '/users/delta?$deltatoken=made-up')).body.error?.code).toBe('syncStateNotFound');
    expect((await world.call('GET', await latest('/users/delta'))).status).toBe(200);
  });

  it('is answered with 410 and the address of a new round after a reset', async () => {
    const since = await latest('/users/delta?$select=displayName,manager');
    await world.faults({ resetGeneration: true });
    const gone = await world.call('GET', since);
    expect(gone.status).toBe(410);
    expect(gone.headers['location']).toBe(
      `${world.mock.url}/v1.0/users/delta?$select=displayName,manager&$deltatoken=`,
    );
    expect((await world.all(link(gone.headers['location']))).items.length).toBe(60);
  });

  it('is led by that address to the same objects as before', async () => {
    const { id } = await user(3);
    const since = await latest(`/users/delta?$select=displayName&$filter=id eq '${id}'`);
    await world.faults({ resetGeneration: true });
    const { headers } = await world.call('GET', since);
    expect((await world.all(link(headers['location']))).items.map((one) => one.id)).toEqual([id]);
  });
});
