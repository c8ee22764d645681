// The directory reader over a mock Entra and a mirror, end to end: after every refresh the mirror equals the directory, or
// says less, but never that something is gone which is not. Run over the mirror in memory and over the store.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GraphDirectory } from '../../src/directory/graph-directory.ts';
import type { MirrorWriter } from '../../src/directory/mirror-writer.ts';
import type { Pace } from '../../src/directory/retry.ts';
import { mockTenant } from '../support/mock-tenant.ts';
import type { MockTenant } from '../support/mock-tenant.ts';
import { openReader, recordedLog } from '../support/reader.ts';
import type { MirrorUnderTest } from './mirror-contract.ts';

const select = {
  User: ['displayName', 'department', 'accountEnabled', 'mail', 'manager'],
  Group: ['displayName', 'members'],
};
const quiet = { throttle: null, failWith503: 0, dropConnection: 0, truncate: 0, loopNextLink: false };

interface Ids {
  readonly id: string;
}

export function refreshContract(name: string, factory: () => Promise<MirrorUnderTest>): void {
  describe(`the directory reader over ${name}`, () => {
    let tenant: MockTenant;
    let mirror: MirrorUnderTest;
    let readers: GraphDirectory[] = [];
    beforeEach(async () => {
      tenant = await mockTenant({ users: 40, groups: 6 });
      mirror = await factory();
    });
    afterEach(async () => {
      for (const reader of readers) await reader.close();
      readers = [];
      await tenant.close();
      await mirror.close();
    });

    const reader = (writer: MirrorWriter = mirror.writer, pace: Partial<Pace> = {}): GraphDirectory => {
      const opened = openReader({ ...tenant, mirror: writer, pace });
      readers.push(opened);
      return opened;
    };
    const refresh = (directory = reader(), servicePrincipalIds: readonly string[] = []) =>
      directory.refresh({ tenantId: tenant.tenantId, select, servicePrincipalIds });
    const presence = async (id: string) => (await mirror.object(tenant.tenantId, id))?.presence;
    const isLive = async (id: string) => (await presence(id)) === 'live';
    /** References to objects that are gone stay in the mirror; they count as none. */
    const membersIn = async (groupId: string): Promise<readonly string[]> => {
      const present = (await mirror.memberships(tenant.tenantId, groupId)).filter((m) => m.present);
      const live = await Promise.all(present.map(async (m) => m.memberType === 'Other' || (await isLive(m.memberId))));
      return present
        .filter((_, i) => live[i])
        .map((m) => m.memberId)
        .sort();
    };
    const managerIn = async (id: string): Promise<string | null> => {
      const managerId = (await mirror.object(tenant.tenantId, id))?.managerId ?? null;
      return managerId !== null && (await isLive(managerId)) ? managerId : null;
    };
    const someUsers = async () => (await tenant.users([])).map((user) => user.id);
    /** Users who manage nobody. */
    const leaves = async () => {
      const users = await tenant.users([]);
      const managers = new Set(users.map((user) => user.managerId));
      return users.map((user) => user.id).filter((id) => !managers.has(id));
    };
    const allIds = async () => [...(await someUsers()), ...(await tenant.groups()).map((group) => group.id)];
    const snapshot = (ids: readonly string[]) =>
      Promise.all(
        ids.map(async (id) => [
          await mirror.object(tenant.tenantId, id),
          await mirror.memberships(tenant.tenantId, id),
        ]),
      );
    const expectInStep = async (): Promise<void> => {
      for (const user of await tenant.users(select.User)) {
        const mirrored = await mirror.object(tenant.tenantId, user.id);
        const attributes = Object.fromEntries(
          Object.keys(user.attributes).map((key) => [key, mirrored?.attributes[key] ?? null]),
        );
        expect({ id: user.id, presence: mirrored?.presence, attributes, managerId: await managerIn(user.id) }).toEqual({
          presence: 'live',
          ...user,
        });
      }
      for (const group of await tenant.groups()) {
        expect(await mirror.object(tenant.tenantId, group.id)).toMatchObject({
          presence: 'live',
          attributes: { displayName: group.displayName },
        });
        expect(await membersIn(group.id)).toEqual(group.members);
      }
    };

    it('is in step after a full read, and after a delta read of a few changes', async () => {
      const directory = reader();
      await refresh(directory);
      await expectInStep();
      const [first = '', second = ''] = await someUsers();
      await tenant.call('PATCH', `/users/${first}`, { department: 'Fleet', mail: null });
      const created = await tenant.call<Ids>('POST', '/users', {
        displayName: 'New Person',
        userPrincipalName: 'new.person@example.com',
        mailNickname: 'new.person',
        accountEnabled: true,
        passwordProfile: { password: 'Initial-Passw0rd' },
      });
      await tenant.call('PATCH', `/users/${second}`, { accountEnabled: false });
      const certificate = await refresh(directory);
      await expectInStep();
      expect(await presence(created.id)).toBe('live');
      expect(certificate.requests).toBe(2);
      expect(certificate.version).toBe(await mirror.version(tenant.tenantId));
    });

    it('invariant 10: gives no object a new version when nothing changed', async () => {
      await refresh();
      const ids = await allIds();
      const before = await snapshot(ids);
      await refresh();
      expect(await snapshot(ids)).toEqual(before);
    });

    it('tells a user in the bin from one that was purged, and brings back a restored one', async () => {
      const [binned = '', purged = '', restored = ''] = await someUsers();
      await refresh();
      for (const id of [binned, purged, restored]) await tenant.call('DELETE', `/users/${id}`);
      await tenant.call('DELETE', `/directory/deletedItems/${purged}`);
      await refresh();
      expect([await presence(binned), await presence(purged), await presence(restored)]).toEqual([
        'soft-deleted',
        'hard-deleted',
        'soft-deleted',
      ]);
      await tenant.call('POST', `/directory/deletedItems/${restored}/restore`, {});
      await tenant.call('DELETE', `/directory/deletedItems/${binned}`);
      await refresh();
      expect([await presence(binned), await presence(restored)]).toEqual(['hard-deleted', 'live']);
      await expectInStep();
    });

    it('follows members and managers that come and go', async () => {
      const users = await someUsers();
      const [groupId = '', outsider = ''] = (await tenant.groups()).flatMap((group) => {
        const outside = users.find((id) => !group.members.includes(id));
        return outside === undefined ? [] : [group.id, outside];
      });
      const [a = '', b = ''] = await leaves();
      await refresh();
      const reference = (id: string) => ({ '@odata.id': `${tenant.url}/v1.0/directoryObjects/${id}` });
      await tenant.call('POST', `/groups/${groupId}/members/$ref`, reference(outsider));
      await tenant.call('PUT', `/users/${a}/manager/$ref`, reference(b));
      await refresh();
      await expectInStep();
      expect(await mirror.object(tenant.tenantId, a)).toMatchObject({ managerId: b });
      await tenant.call('DELETE', `/groups/${groupId}/members/${outsider}/$ref`);
      await tenant.call('DELETE', `/users/${a}/manager/$ref`);
      await refresh();
      await expectInStep();
      expect(await membersIn(groupId)).not.toContain(outsider);
      expect(await mirror.object(tenant.tenantId, a)).toMatchObject({ managerId: null });
    });

    it('keeps members that are groups through full reads and delta reads', async () => {
      const [outer = '', inner = '', second = ''] = (await tenant.groups()).map(({ id }) => id);
      const reference = (id: string) => ({ '@odata.id': `${tenant.url}/v1.0/directoryObjects/${id}` });
      await tenant.call('POST', `/groups/${outer}/members/$ref`, reference(inner));
      const groupsIn = async () =>
        (await mirror.memberships(tenant.tenantId, outer))
          .filter(({ memberType, present }) => memberType === 'Group' && present)
          .map(({ memberId }) => memberId);
      await refresh();
      expect(await groupsIn()).toEqual([inner]);
      await tenant.call('POST', `/groups/${outer}/members/$ref`, reference(second));
      await tenant.call('PATCH', `/groups/${inner}`, { displayName: 'Inner' });
      await refresh();
      expect([...(await groupsIn())].sort()).toEqual([inner, second].sort());
      await tenant.faults({ resetGeneration: true });
      await refresh();
      expect([...(await groupsIn())].sort()).toEqual([inner, second].sort());
      await tenant.call('DELETE', `/groups/${outer}/members/${second}/$ref`);
      await refresh();
      expect(await groupsIn()).toEqual([inner]);
      await expectInStep();
    });

    it('follows a renamed group and a deleted one', async () => {
      const [renamed, deleted] = await tenant.groups();
      await refresh();
      await tenant.call('PATCH', `/groups/${renamed?.id ?? ''}`, { displayName: 'Renamed' });
      await tenant.call('DELETE', `/groups/${deleted?.id ?? ''}`);
      await refresh();
      await expectInStep();
      expect(['soft-deleted', 'hard-deleted']).toContain(await presence(deleted?.id ?? ''));
    });

    it('is in step whatever order, slices, repetitions and small pages the directory chooses', async () => {
      await tenant.faults({ pageSize: 3, memberSliceSize: 2, duplicates: 2, replays: 5, reorder: true });
      await refresh();
      await expectInStep();
      const [a = '', b = ''] = await someUsers();
      await tenant.call('PATCH', `/users/${a}`, { department: 'Shuffled' });
      await tenant.call('DELETE', `/users/${b}`);
      await refresh();
      await refresh();
      await expectInStep();
      expect(await presence(b)).toBe('soft-deleted');
    });

    it('gets through throttling, failures and broken connections', async () => {
      await tenant.faults({
        pageSize: 10,
        throttle: { every: 3, seconds: 0 },
        failWith503: 0.1,
        dropConnection: 0.1,
        truncate: 0.1,
      });
      await refresh(reader(mirror.writer, { patience: 60_000 }));
      await tenant.faults(quiet);
      await expectInStep();
    });

    it('goes on at the stored link when the process ends between two pages', async () => {
      await tenant.faults({ pageSize: 4 });
      let pages = 0;
      const dying: MirrorWriter = {
        ...mirror.writer,
        savePage: async (tenantId, page) => {
          if (++pages === 4) throw new Error('killed');
          await mirror.writer.savePage(tenantId, page);
        },
      };
      await expect(refresh(reader(dying))).rejects.toThrow('killed');
      const stored = await mirror.writer.deltaState(tenant.tenantId, 'users');
      expect(stored).toMatchObject({ complete: false, round: 'full', generation: 1 });
      const seen = await mirror.version(tenant.tenantId);
      const [changed = ''] = (await tenant.users([])).map((user) => user.id);
      await tenant.call('PATCH', `/users/${changed}`, { department: 'Meanwhile' });
      await refresh();
      expect(await mirror.writer.deltaState(tenant.tenantId, 'users')).toMatchObject({
        complete: true,
        round: 'delta',
        generation: 1,
      });
      expect(await mirror.version(tenant.tenantId)).toBeGreaterThan(seen);
      await expectInStep();
    });

    it.each([['resetGeneration'], ['expireTokens']])(
      'invariant 1: after %s reads everything and deletes by evidence only',
      async (fault) => {
        const [binned = '', purged = ''] = await someUsers();
        const [group] = await tenant.groups();
        const leaver = group?.members[0] ?? '';
        await refresh();
        await tenant.call('DELETE', `/users/${binned}`);
        await tenant.call('DELETE', `/users/${purged}`);
        await tenant.call('DELETE', `/directory/deletedItems/${purged}`);
        await tenant.call('DELETE', `/groups/${group?.id ?? ''}/members/${leaver}/$ref`).catch(() => undefined);
        await tenant.faults({ [fault]: true });
        await refresh();
        expect(await mirror.writer.deltaState(tenant.tenantId, 'users')).toMatchObject({
          generation: 2,
          complete: true,
          round: 'delta',
        });
        expect([await presence(binned), await presence(purged)]).toEqual(['soft-deleted', 'hard-deleted']);
        expect(await membersIn(group?.id ?? '')).not.toContain(leaver);
        await expectInStep();
      },
    );

    it.each([
      ['breaks off in every body', { truncate: 1 }],
      ['is unavailable', { failWith503: 1 }],
      ['resets every connection', { dropConnection: 1 }],
      ['sends its reader in circles', { loopNextLink: true, pageSize: 4 }],
    ])('invariant 2: concludes nothing while the directory %s, and catches up afterwards', async (_, fault) => {
      await refresh();
      const ids = await allIds();
      const before = await snapshot(ids);
      const completedAt = await mirror.refreshedAt(tenant.tenantId);
      const [deleted = '', kept = ''] = await leaves();
      await tenant.call('DELETE', `/users/${deleted}`);
      await tenant.faults({ resetGeneration: true, ...fault });
      await expect(refresh(reader(mirror.writer, { patience: 150 }))).rejects.toMatchObject({
        code: expect.stringMatching(/^Directory(Unreachable|ReadIncomplete)$/) as string,
      });
      expect([await presence(deleted), await presence(kept)]).toEqual(['live', 'live']);
      expect(await snapshot(ids)).toEqual(before);
      expect(await mirror.refreshedAt(tenant.tenantId)).toEqual(completedAt);
      await tenant.faults({ ...quiet, pageSize: null });
      await refresh();
      expect([await presence(deleted), await presence(kept)]).toEqual(['soft-deleted', 'live']);
      await expectInStep();
    });

    it('reads the assignments of an application and drops the one that was removed', async () => {
      const template = '8adf8e6e-67b2-4cf2-a259-e3dc5476c621';
      const made = await tenant.call<{ servicePrincipal: { id: string; appId: string; appRoles?: readonly Ids[] } }>(
        'POST',
        `/applicationTemplates/${template}/instantiate`,
        { displayName: 'Demo' },
      );
      const { id, appId } = made.servicePrincipal;
      const directory = reader();
      const application = await directory.servicePrincipal(id);
      expect(application).toMatchObject({ id, appId, displayName: 'Demo' });
      expect(await directory.servicePrincipalByAppId(appId)).toEqual(application);
      expect(await directory.servicePrincipal('00000000-0000-4000-8000-000000000000')).toBeNull();
      const [user = '', other = ''] = await someUsers();
      const appRoleId = application?.appRoles.find((role) => role.isEnabled)?.id ?? '';
      const assign = (principalId: string) =>
        tenant.call<Ids>('POST', `/servicePrincipals/${id}/appRoleAssignedTo`, {
          principalId,
          resourceId: id,
          appRoleId,
        });
      const [first, second] = [await assign(user), await assign(other)];
      await refresh(directory, [id]);
      expect(await mirror.assignments(tenant.tenantId, id)).toEqual([first.id, second.id].sort());
      await tenant.call('DELETE', `/servicePrincipals/${id}/appRoleAssignedTo/${first.id}`);
      await refresh(directory, [id]);
      expect(await mirror.assignments(tenant.tenantId, id)).toEqual([second.id]);
      const { appRoles = [], displayName = '' } = application ?? {};
      expect(await mirror.servicePrincipal(tenant.tenantId, id)).toMatchObject({ id, appId, displayName, appRoles });
    });

    it('names the setting when the secret is wrong', async () => {
      const opened = openReader({ ...tenant, mirror: mirror.writer, clientSecret: 'wrong', log: recordedLog() });
      readers.push(opened);
      const error: unknown = await refresh(opened).catch((e: unknown) => e);
      expect(error).toMatchObject({
        code: 'DirectoryInvalidCredentials',
        message: expect.stringContaining('AZURE_CLIENT_SECRET') as string,
      });
      expect(String(error)).not.toContain('wrong');
    });
  });
}
