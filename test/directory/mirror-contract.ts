// What every mirror must do for the directory reader, as a suite: run over the mirror in memory and over the store.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MirrorWriter } from '../../src/directory/mirror-writer.ts';
import type { DeltaState, MirrorObject, MirrorPage, MirrorServicePrincipal } from '../../src/rules/model/mirror.ts';
import type { SourceObject } from '../../src/rules/model/source-object.ts';

export interface SeenMembership {
  readonly memberId: string;
  readonly memberType: 'User' | 'Group' | 'Other';
  readonly present: boolean;
  readonly version: number;
}
/** A writer, and a look at what it has written. */
export interface MirrorUnderTest {
  readonly writer: MirrorWriter;
  object(tenantId: string, id: string): Promise<SourceObject | null>;
  /** In order of member id, absent ones included. */
  memberships(tenantId: string, groupId: string): Promise<readonly SeenMembership[]>;
  /** Ids of the assignments that are present, sorted. */
  assignments(tenantId: string, servicePrincipalId: string): Promise<readonly string[]>;
  servicePrincipal(tenantId: string, id: string): Promise<MirrorServicePrincipal | null>;
  /** At least the highest version of anything in it. */
  version(tenantId: string): Promise<number>;
  refreshedAt(tenantId: string): Promise<Date | null>;
  close(): Promise<void>;
}

const tenant = 'tenant.example';
const state = (over: Partial<DeltaState> = {}): DeltaState => ({
  resource: 'users',
  link: 'https://graph/v1.0/users/delta?$skiptoken=1',
  complete: false,
  round: 'full',
  generation: 1,
  selection: 'displayName,id',
  ...over,
});
const user = (
  id: string,
  attributes: MirrorObject['attributes'] = { displayName: id },
  managerId?: string | null,
): MirrorObject => ({
  id,
  type: 'User',
  attributes,
  managerId,
});
const page = (over: Partial<MirrorPage> = {}): MirrorPage => ({
  objects: [],
  tombstones: [],
  memberships: [],
  state: state(),
  ...over,
});
const group = (id: string): MirrorObject => ({
  id,
  type: 'Group',
  attributes: { displayName: id },
  managerId: undefined,
});
const member = (memberId: string, present = true) => ({ groupId: 'g', memberId, memberType: 'User' as const, present });
const groupsState = (generation = 1): DeltaState => state({ resource: 'groups', generation });

export function mirrorContract(name: string, factory: () => Promise<MirrorUnderTest>): void {
  describe(`${name} keeps the mirror's contract`, () => {
    let mirror: MirrorUnderTest;
    beforeEach(async () => {
      mirror = await factory();
    });
    afterEach(() => mirror.close());

    it('has no state before the first page and the state of the last page afterwards', async () => {
      expect(await mirror.writer.deltaState(tenant, 'users')).toBeNull();
      await mirror.writer.savePage(tenant, page({ objects: [user('a')] }));
      expect(await mirror.writer.deltaState(tenant, 'users')).toEqual(state());
      expect(await mirror.writer.deltaState(tenant, 'groups')).toBeNull();
      expect(await mirror.writer.deltaState('other.example', 'users')).toBeNull();
      await mirror.writer.savePage(tenant, page({ state: state({ link: null, complete: true, round: 'delta' }) }));
      expect(await mirror.writer.deltaState(tenant, 'users')).toEqual(
        state({ link: null, complete: true, round: 'delta' }),
      );
    });

    it('invariant 10: gives only what differs a new version', async () => {
      await mirror.writer.savePage(
        tenant,
        page({ objects: [user('a', { displayName: 'A', x: ['1', { y: null }] }, 'm'), user('b')] }),
      );
      const before = await mirror.object(tenant, 'a');
      const version = await mirror.version(tenant);
      await mirror.writer.savePage(
        tenant,
        page({ objects: [user('a', { x: ['1', { y: null }] }), user('b', { displayName: 'B2' })] }),
      );
      expect(await mirror.object(tenant, 'a')).toEqual(before);
      const changed = await mirror.object(tenant, 'b');
      expect(changed?.version).toBeGreaterThan(version);
      expect(await mirror.version(tenant)).toBeGreaterThanOrEqual(changed?.version ?? 0);
    });

    it('merges attributes over what is there and leaves a manager that is not mentioned', async () => {
      await mirror.writer.savePage(tenant, page({ objects: [user('a', { displayName: 'A', city: 'Bonn' }, 'm')] }));
      await mirror.writer.savePage(tenant, page({ objects: [user('a', { city: null })] }));
      expect(await mirror.object(tenant, 'a')).toMatchObject({
        attributes: { displayName: 'A', city: null },
        managerId: 'm',
      });
      await mirror.writer.savePage(tenant, page({ objects: [user('a', {}, null)] }));
      expect(await mirror.object(tenant, 'a')).toMatchObject({ managerId: null, presence: 'live' });
    });

    it('buries by tombstone, keeps what was known, and brings back what is seen again', async () => {
      await mirror.writer.savePage(tenant, page({ objects: [user('a'), user('b')] }));
      await mirror.writer.savePage(
        tenant,
        page({
          tombstones: [
            { id: 'a', type: 'User', presence: 'soft-deleted' },
            { id: 'never-seen', type: 'User', presence: 'hard-deleted' },
          ],
        }),
      );
      const buried = await mirror.object(tenant, 'a');
      expect(buried).toMatchObject({ presence: 'soft-deleted', attributes: { displayName: 'a' } });
      expect((await mirror.object(tenant, 'never-seen'))?.presence ?? 'hard-deleted').toBe('hard-deleted');
      await mirror.writer.savePage(tenant, page({ objects: [user('a')] }));
      const restored = await mirror.object(tenant, 'a');
      expect(restored).toMatchObject({ presence: 'live', attributes: { displayName: 'a' } });
      expect(restored?.version).toBeGreaterThan(buried?.version ?? Infinity);
    });

    it('invariant 1: what a full round did not mention stays live and is only listed as a suspect', async () => {
      await mirror.writer.savePage(tenant, page({ objects: ['d', 'b', 'c', 'a'].map((id) => user(id)) }));
      await mirror.writer.savePage(tenant, page({ objects: [user('b')], state: state({ generation: 2 }) }));
      expect(await mirror.writer.unseenObjects(tenant, 'users', 2, '', 2)).toEqual(['a', 'c']);
      expect(await mirror.writer.unseenObjects(tenant, 'users', 2, 'c', 2)).toEqual(['d']);
      expect(await mirror.writer.unseenObjects(tenant, 'groups', 2, '', 2)).toEqual([]);
      expect(await mirror.writer.census(tenant, 'users', 2)).toEqual({ live: 4, seen: 1 });
      expect(await mirror.writer.census(tenant, 'groups', 2)).toEqual({ live: 0, seen: 0 });
      expect(await mirror.object(tenant, 'a')).toMatchObject({ presence: 'live' });
      const version = (await mirror.object(tenant, 'c'))?.version;
      await mirror.writer.settleObjects(tenant, 'users', 2, {
        tombstones: [{ id: 'a', type: 'User', presence: 'hard-deleted' }],
        alive: ['c'],
      });
      expect(await mirror.writer.unseenObjects(tenant, 'users', 2, '', 10)).toEqual(['d']);
      expect(await mirror.object(tenant, 'a')).toMatchObject({ presence: 'hard-deleted' });
      expect(await mirror.object(tenant, 'c')).toMatchObject({ presence: 'live', version });
    });

    it('keeps memberships by what was said of each, and gives only changes a version', async () => {
      const objects = [group('g')];
      await mirror.writer.savePage(
        tenant,
        page({ objects, memberships: [member('a'), member('b'), member('z', false)], state: groupsState() }),
      );
      const before = await mirror.memberships(tenant, 'g');
      expect(before.filter((m) => m.present).map((m) => m.memberId)).toEqual(['a', 'b']);
      await mirror.writer.savePage(
        tenant,
        page({ memberships: [member('a'), member('b', false)], state: groupsState() }),
      );
      const after = await mirror.memberships(tenant, 'g');
      expect(after.filter((m) => m.present)).toEqual(before.filter((m) => m.memberId === 'a'));
      expect(after.find((m) => m.memberId === 'b')?.version).toBeGreaterThan(
        before.find((m) => m.memberId === 'b')?.version ?? Infinity,
      );
    });

    it('lists groups with memberships that a full round did not mention, and drops members one by one', async () => {
      await mirror.writer.savePage(
        tenant,
        page({ objects: [group('g')], memberships: [member('a'), member('b')], state: groupsState() }),
      );
      await mirror.writer.savePage(
        tenant,
        page({ objects: [group('g')], memberships: [member('a')], state: groupsState(2) }),
      );
      expect(await mirror.writer.groupsWithUnseenMembers(tenant, 2, '', 10)).toEqual(['g']);
      expect((await mirror.memberships(tenant, 'g')).filter((m) => m.present)).toHaveLength(2);
      const missing = await mirror.writer.saveMembers(tenant, 'g', 2, [
        { memberId: 'a', memberType: 'User' },
        { memberId: 'c', memberType: 'Group' },
      ]);
      expect(missing).toEqual([{ memberId: 'b', memberType: 'User' }]);
      expect((await mirror.memberships(tenant, 'g')).filter((m) => m.present)).toHaveLength(3);
      await mirror.writer.dropMembers(tenant, 'g', 2, ['b', 'never-seen']);
      const present = (await mirror.memberships(tenant, 'g')).filter((m) => m.present);
      expect(present.map((m) => [m.memberId, m.memberType])).toEqual([
        ['a', 'User'],
        ['c', 'Group'],
      ]);
      expect(await mirror.writer.groupsWithUnseenMembers(tenant, 2, '', 10)).toEqual([]);
    });

    it('invariant 1: an assignment that a listing left out stays until it is dropped by its own id', async () => {
      const assignment = (id: string, appRoleId = 'r') => ({
        id,
        principalId: `p-${id}`,
        principalType: 'User' as const,
        appRoleId,
      });
      expect(await mirror.writer.saveAssignments(tenant, 'sp', [assignment('1'), assignment('2')])).toEqual([]);
      const version = await mirror.version(tenant);
      expect(await mirror.writer.saveAssignments(tenant, 'sp', [assignment('1')])).toEqual(['2']);
      expect(await mirror.assignments(tenant, 'sp')).toEqual(['1', '2']);
      await mirror.writer.dropAssignments(tenant, 'sp', ['2']);
      expect(await mirror.assignments(tenant, 'sp')).toEqual(['1']);
      expect(await mirror.writer.saveAssignments(tenant, 'sp', [assignment('1')])).toEqual([]);
      expect(await mirror.version(tenant)).toBeGreaterThan(version);
      expect(await mirror.writer.saveAssignments(tenant, 'sp', [assignment('1'), assignment('2')])).toEqual([]);
      expect(await mirror.assignments(tenant, 'sp')).toEqual(['1', '2']);
      expect(await mirror.writer.saveAssignments(tenant, 'other', [])).toEqual([]);
    });

    it('keeps the roles of an application', async () => {
      const servicePrincipal = {
        id: 'sp',
        appId: 'app',
        displayName: 'Demo',
        appRoles: [{ id: 'r', value: null, displayName: 'User', isEnabled: true }],
      };
      await mirror.writer.saveServicePrincipal(tenant, servicePrincipal);
      await mirror.writer.saveServicePrincipal(tenant, { ...servicePrincipal, displayName: 'Demo 2' });
      expect(await mirror.servicePrincipal(tenant, 'sp')).toEqual({ ...servicePrincipal, displayName: 'Demo 2' });
    });

    it('completes a refresh with the version of everything written', async () => {
      await mirror.writer.beginRefresh(tenant, new Date('2026-01-01T00:00:00Z'));
      expect(await mirror.refreshedAt(tenant)).toBeNull();
      await mirror.writer.savePage(tenant, page({ objects: [user('a')] }));
      expect(await mirror.writer.completeRefresh(tenant, new Date('2026-01-01T00:05:00Z'))).toBe(
        await mirror.version(tenant),
      );
      expect(await mirror.refreshedAt(tenant)).toEqual(new Date('2026-01-01T00:05:00Z'));
    });

    it('lets one reader at a time work on a tenant, also after one of them failed', async () => {
      const events: string[] = [];
      const work =
        (name: string, fails = false) =>
        async (): Promise<string> => {
          events.push(`${name} begins`);
          await mirror.writer.deltaState(tenant, 'users');
          events.push(`${name} ends`);
          if (fails) throw new Error(name);
          return name;
        };
      const results = await Promise.allSettled([
        mirror.writer.exclusively(tenant, work('one', true)),
        mirror.writer.exclusively(tenant, work('two')),
        mirror.writer.exclusively(tenant, work('three')),
      ]);
      expect(results.map((r) => r.status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
      for (let i = 0; i < events.length; i += 2) expect(events[i + 1]).toBe(events[i]?.replace('begins', 'ends'));
    });
  });
}
