import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { group, member, openWorld, tenantId, user } from './world.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

interface ObjectRow {
  readonly presence: string;
  readonly attributes: unknown;
  readonly manager_id: string | null;
  readonly version: string;
  readonly generation: number;
}
const object = async (id: string) => {
  const [row] = await world.rows<ObjectRow>('SELECT * FROM directory_object WHERE id = $1', [id]);
  return row;
};
const versionOf = async (id: string) => Number((await object(id))?.version);
const membership = async (groupId: string, memberId: string) => {
  const [row] = await world.rows<{ present: boolean; version: string; generation: number }>(
    'SELECT * FROM directory_membership WHERE group_id = $1 AND member_id = $2',
    [groupId, memberId],
  );
  return row;
};

describe('a page of the directory', () => {
  it('merges what was read over what is there, and null clears', async () => {
    await world.save({ objects: [user('u', { city: 'Bern', mail: 'u@x' }, 'boss')] });
    await world.save({
      objects: [{ id: 'u', type: 'User', attributes: { city: null, department: 'IT' }, managerId: undefined }],
    });
    expect(await object('u')).toMatchObject({
      attributes: { displayName: 'u', city: null, mail: 'u@x', department: 'IT' },
      manager_id: 'boss',
    });
  });

  it('gives the new version to what differs and to nothing else', async () => {
    await world.save({ objects: [user('same'), user('other'), user('led')] });
    const before = await versionOf('same');
    await world.save({ objects: [user('same'), user('other', { city: 'Bern' }), user('led', {}, 'boss')] });
    expect(await versionOf('same')).toBe(before);
    expect(await versionOf('other')).toBeGreaterThan(before);
    expect(await versionOf('led')).toBe(await versionOf('other'));
    expect(await world.version()).toBe(await versionOf('led'));
  });

  it('stamps the generation of a full round on what did not change too', async () => {
    await world.save({ objects: [user('u')], memberships: [member('g', 'u')] });
    const before = await versionOf('u');
    await world.save({ objects: [user('u')], memberships: [member('g', 'u')] }, { generation: 2 });
    expect(await object('u')).toMatchObject({ generation: 2, version: String(before) });
    expect(await membership('g', 'u')).toMatchObject({ generation: 2, version: String(before) });
  });

  it('buries with a tombstone, keeps the attributes, and ignores an id it never saw', async () => {
    await world.save({ objects: [user('u', { city: 'Bern' })] });
    const before = await versionOf('u');
    await world.save({
      tombstones: [
        { id: 'u', type: 'User', presence: 'soft-deleted' },
        { id: 'never-seen', type: 'User', presence: 'hard-deleted' },
      ],
    });
    expect(await object('u')).toMatchObject({ presence: 'soft-deleted', attributes: { city: 'Bern' } });
    expect(await versionOf('u')).toBeGreaterThan(before);
    expect(await object('never-seen')).toBeUndefined();
  });

  it('brings a deleted object back to life when it appears again, unchanged as it is', async () => {
    await world.save({ objects: [user('u')] });
    await world.save({ tombstones: [{ id: 'u', type: 'User', presence: 'soft-deleted' }] });
    const before = await versionOf('u');
    await world.save({ objects: [user('u')] });
    expect(await object('u')).toMatchObject({ presence: 'live' });
    expect(await versionOf('u')).toBeGreaterThan(before);
  });

  it('keeps memberships of groups that it does not know yet, and a removal is evidence with a version', async () => {
    await world.save({ memberships: [member('g', 'u')] });
    const added = await membership('g', 'u');
    await world.save({ memberships: [member('g', 'u')] });
    expect(await membership('g', 'u')).toEqual(added);
    await world.save({ memberships: [member('g', 'u', false)] });
    const removed = await membership('g', 'u');
    expect(removed?.present).toBe(false);
    expect(Number(removed?.version)).toBeGreaterThan(Number(added?.version));
  });

  it('is stored together with the state that follows it, or not at all', async () => {
    await world.save({ objects: [user('u')] }, { link: 'next-1', complete: false });
    const twice = [user('v'), user('v', { city: 'Bern' })];
    await expect(world.save({ objects: twice }, { link: 'next-2', complete: true })).rejects.toThrow();
    expect(await world.store.mirror.deltaState(tenantId, 'users')).toMatchObject({ link: 'next-1', complete: false });
    expect(await object('v')).toBeUndefined();
  });

  it('takes text that PostgreSQL cannot store', async () => {
    await world.save({ objects: [user('u', { city: 'a\0b\ud800c', fine: '\\u0000 😀' })] });
    expect(await object('u')).toMatchObject({ attributes: { city: 'a\uFFFDb\uFFFDc', fine: '\\u0000 😀' } });
  });

  it('gives pages that are saved at the same time different versions', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, i) => world.save({ objects: [user(`u${String(i)}`)] })));
    const rows = await world.rows<{ n: number }>('SELECT count(DISTINCT version)::int AS n FROM directory_object');
    expect(rows[0]?.n).toBe(8);
  });
});

describe('a full round', () => {
  it('invariant 2: names what it did not mention as suspects, page by page, and deletes nothing', async () => {
    await world.save({ objects: ['a', 'b', 'c', 'd'].map((id) => user(id)) });
    await world.save({ objects: [user('b')] }, { generation: 2 });
    await world.save({ tombstones: [{ id: 'd', type: 'User', presence: 'hard-deleted' }] }, { generation: 2 });
    expect(await world.store.mirror.unseenObjects(tenantId, 'users', 2, '', 1)).toEqual(['a']);
    expect(await world.store.mirror.unseenObjects(tenantId, 'users', 2, 'a', 10)).toEqual(['c']);
    expect(await world.store.mirror.unseenObjects(tenantId, 'groups', 2, '', 10)).toEqual([]);
    expect(await object('a')).toMatchObject({ presence: 'live' });
  });

  it('settles suspects by evidence: gone, or still there without a new version', async () => {
    await world.save({ objects: [user('gone'), user('alive')] });
    const before = await versionOf('alive');
    await world.store.mirror.settleObjects(tenantId, 'users', 2, {
      tombstones: [{ id: 'gone', type: 'User', presence: 'hard-deleted' }],
      alive: ['alive'],
    });
    expect(await object('gone')).toMatchObject({ presence: 'hard-deleted' });
    expect(await object('alive')).toMatchObject({ presence: 'live', generation: 2, version: String(before) });
    expect(await world.store.mirror.unseenObjects(tenantId, 'users', 2, '', 10)).toEqual([]);
  });

  it('names groups with members that it did not mention, and a listing read to its end settles them', async () => {
    await world.save({
      objects: [group('g'), group('dead')],
      memberships: [member('g', 'a'), member('g', 'b'), member('dead', 'a')],
    });
    await world.save(
      { tombstones: [{ id: 'dead', type: 'Group', presence: 'soft-deleted' }], memberships: [member('g', 'a')] },
      { generation: 2 },
    );
    expect(await world.store.mirror.groupsWithUnseenMembers(tenantId, 2, '', 10)).toEqual(['g']);
    const missing = await world.store.mirror.saveMembers(tenantId, 'g', 2, [
      { memberId: 'a', memberType: 'User' },
      { memberId: 'c', memberType: 'User' },
    ]);
    expect(missing).toEqual([{ memberId: 'b', memberType: 'User' }]);
    await world.store.mirror.dropMembers(tenantId, 'g', 2, ['b']);
    expect(await world.store.mirror.groupsWithUnseenMembers(tenantId, 2, '', 10)).toEqual([]);
    const rows = await world.rows(
      'SELECT member_id, present FROM directory_membership WHERE group_id = $1 ORDER BY 1',
      ['g'],
    );
    expect(rows).toEqual([
      { member_id: 'a', present: true },
      { member_id: 'b', present: false },
      { member_id: 'c', present: true },
    ]);
  });

  it('invariant 1: a listing without members takes nobody out', async () => {
    await world.save({ memberships: [member('g', 'a')] });
    expect(await world.store.mirror.saveMembers(tenantId, 'g', 2, [])).toEqual([{ memberId: 'a', memberType: 'User' }]);
    expect(await membership('g', 'a')).toMatchObject({ present: true });
  });
});

describe('assignments', () => {
  const assigned = (id: string, principalId: string) => ({
    id,
    principalId,
    principalType: 'User' as const,
    appRoleId: 'role',
  });
  const present = async () =>
    (await world.rows<{ id: string }>('SELECT id FROM directory_assignment WHERE present ORDER BY 1')).map(
      ({ id }) => id,
    );

  it('invariant 1: that are not listed any more stay until their own id answers 404', async () => {
    const { mirror } = world.store;
    expect(await mirror.saveAssignments(tenantId, 'sp', [assigned('1', 'u'), assigned('2', 'v')])).toEqual([]);
    expect(await mirror.saveAssignments(tenantId, 'sp', [assigned('1', 'u')])).toEqual(['2']);
    expect(await present()).toEqual(['1', '2']);
    await mirror.dropAssignments(tenantId, 'sp', ['2']);
    expect(await present()).toEqual(['1']);
    await mirror.saveAssignments(tenantId, 'sp', [assigned('1', 'u'), assigned('2', 'v')]);
    expect(await present()).toEqual(['1', '2']);
  });

  it('get a new version only when they change', async () => {
    const { mirror } = world.store;
    const version = async () =>
      (await world.rows<{ version: string }>('SELECT version FROM directory_assignment WHERE id = $1', ['1']))[0]
        ?.version;
    await mirror.saveAssignments(tenantId, 'sp', [assigned('1', 'u')]);
    const before = await version();
    await mirror.saveAssignments(tenantId, 'sp', [assigned('1', 'u')]);
    expect(await version()).toBe(before);
    await mirror.saveAssignments(tenantId, 'sp', [{ ...assigned('1', 'u'), appRoleId: 'other' }]);
    expect(Number(await version())).toBeGreaterThan(Number(before));
  });

  it('belong to an application with its roles', async () => {
    const found = {
      id: 'sp',
      appId: 'app',
      displayName: 'App',
      appRoles: [{ id: 'r', value: null, displayName: 'R', isEnabled: true }],
    };
    await world.store.mirror.saveServicePrincipal(tenantId, found);
    expect(await world.store.provisioning.servicePrincipal(tenantId, 'sp')).toEqual(found);
    expect(await world.store.provisioning.servicePrincipal(tenantId, 'none')).toBeNull();
  });
});

describe('the reader of a tenant', () => {
  it('is one at a time, over all processes', async () => {
    let inside = 0;
    const most: number[] = [];
    const work = async () => {
      most.push(++inside);
      await world.version();
      inside -= 1;
      return 'done';
    };
    const { mirror } = world.store;
    expect(await Promise.all([1, 2, 3].map(() => mirror.exclusively(tenantId, work)))).toEqual([
      'done',
      'done',
      'done',
    ]);
    expect(Math.max(...most)).toBe(1);
  });

  it('lets go of the tenant when its work fails or its connection dies, and says that it lost it', async () => {
    const { mirror } = world.store;
    await expect(mirror.exclusively(tenantId, () => Promise.reject(new Error('no answer')))).rejects.toThrow(
      'no answer',
    );
    const cut = mirror.exclusively(tenantId, async () => {
      await world.rows(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'provisor refresh' AND datname = current_database()`,
      );
      await expect
        .poll(
          async () =>
            (
              await world.rows(
                `SELECT 1 FROM pg_stat_activity WHERE application_name = 'provisor refresh' AND datname = current_database()`,
              )
            ).length,
        )
        .toBe(0);
      return 'done';
    });
    await expect(cut).rejects.toThrow(/connection that guards the refresh of tenant tenant broke/);
    expect(await mirror.exclusively(tenantId, () => Promise.resolve('free'))).toBe('free');
  });
});
