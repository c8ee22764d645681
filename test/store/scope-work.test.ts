// What filters look at beside an object's own row brings the object into the next incremental cycle.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noReads } from '../../src/rules/scoping/scope-reads.ts';
import type { ScopeReads } from '../../src/rules/scoping/scope-reads.ts';
import { group, jobId, member, openWorld, servicePrincipalId, tenantId, user } from './world.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const settled = async () => world.store.jobs.update(jobId, { watermark: await world.version() });
async function looksAt(reads: ScopeReads = noReads): Promise<readonly string[]> {
  const cycle = await world.begin('incremental');
  const ids = await world.store.cycles.cutPages(cycle.id, 'users', reads);
  const pages = await Promise.all(ids.map((id) => world.store.cycles.page(id)));
  await world.finish(cycle, cycle.to ?? 0);
  return pages.flatMap((page) => page?.objectIds ?? []);
}

describe('an incremental cycle also looks at', () => {
  it('whoever holds a role of the application, itself or by a group, when its roles changed', async () => {
    const save = (displayName: string) =>
      world.store.mirror.saveServicePrincipal(tenantId, {
        id: servicePrincipalId,
        appId: 'app',
        displayName: 'App',
        appRoles: [{ id: 'r', value: 'admin', displayName, isEnabled: true }],
      });
    await world.save({
      objects: [user('holder'), user('member'), user('nobody'), group('g')],
      memberships: [member('g', 'member')],
    });
    await save('Administrator');
    await world.store.mirror.saveAssignments(tenantId, servicePrincipalId, [
      { id: '1', principalId: 'holder', principalType: 'User', appRoleId: 'r' },
      { id: '2', principalId: 'g', principalType: 'Group', appRoleId: 'r' },
    ]);
    await settled();
    await save('Administrator');
    expect(await looksAt()).toEqual([]);
    await save('Owner');
    expect(await looksAt()).toEqual(['holder', 'member']);
  });

  it('the reports of a manager who was deleted for good, who then have none', async () => {
    await world.save({ objects: [user('boss'), user('report', {}, 'boss'), user('other')] });
    await settled();
    await world.save({ tombstones: [{ id: 'boss', type: 'User', presence: 'hard-deleted' }] });
    expect(await looksAt({ ...noReads, manager: true })).toEqual(['report']);
    const [report] = await world.store.provisioning.candidates(world.job, ['report'], { direct: [], transitive: [] });
    expect(report?.object.managerId).toBeNull();
  });

  it('dates within a window, and those that do not sort as texts', async () => {
    const hired = (id: string, employeeHireDate: string | null) => user(id, { employeeHireDate });
    await world.save({
      objects: [
        hired('before', '2026-03-01T11:59:59Z'),
        hired('first', '2026-03-01T12:00:00.123Z'),
        hired('last', '2026-03-01T12:40:00Z'),
        hired('after', '2026-03-01T12:40:02Z'),
        hired('other-zone', '2026-03-01T13:30:00+01:00'),
        hired('unreadable', 'soon'),
        hired('none', null),
        user('unknown'),
      ],
    });
    await settled();
    const window = { type: 'User' as const, path: ['employeeHireDate'] };
    expect(
      await looksAt({ ...noReads, dates: [{ ...window, from: '2026-03-01T12:00:00', to: '2026-03-01T12:40:01' }] }),
    ).toEqual(['first', 'last', 'other-zone', 'unreadable']);
    expect(await looksAt({ ...noReads, dates: [{ ...window, from: null, to: null }] })).toEqual([
      'after',
      'before',
      'first',
      'last',
      'other-zone',
      'unreadable',
    ]);
    expect(await looksAt({ ...noReads, dates: [{ ...window, type: 'Group', from: null, to: null }] })).toEqual([]);
  });
});
