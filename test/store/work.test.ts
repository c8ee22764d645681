// What each phase of a cycle looks at: everything once, and then what changed and nothing else.
import type { NextRetry } from '../../src/rules/model/escrow.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { create, group, jobId, member, openWorld, referencesOf, servicePrincipalId, tenantId, user } from './world.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const assign = (...assigned: readonly (readonly [principal: string, type: 'User' | 'Group'])[]) =>
  world.store.mirror.saveAssignments(
    tenantId,
    servicePrincipalId,
    assigned.map(([principalId, principalType]) => ({
      id: `a-${principalId}`,
      principalId,
      principalType,
      appRoleId: 'role',
    })),
  );
const unassign = (principalId: string) =>
  world.store.mirror.dropAssignments(tenantId, servicePrincipalId, [`a-${principalId}`]);
/** The next incremental cycle, with nothing changed until now. */
const settled = async () => world.store.jobs.update(jobId, { watermark: await world.version() });
const tombstone = (
  id: string,
  presence: 'soft-deleted' | 'hard-deleted' = 'soft-deleted',
  type: 'User' | 'Group' = 'User',
) => ({ id, type, presence });

describe('an initial cycle', () => {
  it('looks at all live objects, and at deleted ones only where they are linked', async () => {
    await world.save({ objects: [user('live'), user('linked'), user('never'), group('g')] });
    await world.link(user('linked'));
    await world.save({ tombstones: [tombstone('linked'), tombstone('never')] });
    const cycle = await world.begin('initial');
    expect(await world.work(cycle, 'users')).toEqual(['linked', 'live']);
    expect(await world.work(cycle, 'groups')).toEqual(['g']);
  });

  it('looks at references of all linked groups, and of users with a manager in directory or target', async () => {
    await world.save({
      objects: [user('led', {}, 'boss'), user('boss'), user('was-led'), group('g'), group('unlinked')],
    });
    await world.link(user('led', {}, 'boss'), user('boss'), user('was-led'), group('g'));
    await world.rows(`UPDATE link SET known = '{"urn:x:User:manager": "t-boss"}' WHERE source_id = 'was-led'`);
    const cycle = await world.begin('initial');
    await world.work(cycle, 'users');
    expect(await world.work(cycle, 'references')).toEqual(['g', 'led', 'was-led']);
  });
});

describe('an incremental cycle', () => {
  it('invariant 10: looks at nothing when nothing changed', async () => {
    await world.save({ objects: [user('u', {}, 'boss'), user('boss'), group('g')], memberships: [member('g', 'u')] });
    await assign(['u', 'User'], ['g', 'Group']);
    await world.link(user('u'), user('boss'), group('g'));
    await world.save({ objects: [user('u', {}, 'boss')], memberships: [member('g', 'u')] });
    const cycle = await world.begin('incremental');
    for (const phase of ['users', 'groups', 'escrow', 'references'] as const)
      expect(await world.work(cycle, phase)).toEqual([]);
  });

  it('looks at changed and deleted objects, but not at deleted ones that it never linked', async () => {
    await world.save({ objects: [user('changed'), user('deleted'), user('never'), user('same'), group('g')] });
    await world.link(user('deleted'));
    await world.save({
      objects: [user('changed', { city: 'Bern' })],
      tombstones: [tombstone('deleted', 'hard-deleted'), tombstone('never')],
    });
    const cycle = await world.begin('incremental');
    expect(await world.work(cycle, 'users')).toEqual(['changed', 'deleted']);
    expect(await world.work(cycle, 'groups')).toEqual([]);
  });

  it('leaves what changes after its refresh to the next cycle', async () => {
    await world.save({ objects: [user('early'), user('late')] });
    await settled();
    await world.save({ objects: [user('early', { city: 'Bern' })] });
    const cycle = await world.begin('incremental');
    await world.save({ objects: [user('late', { city: 'Bern' })] });
    expect(await world.work(cycle, 'users')).toEqual(['early']);
    await world.finish(cycle, cycle.to ?? 0);
    expect(await world.work(await world.begin('incremental'), 'users')).toEqual(['late']);
  });

  it('looks at users and groups that were assigned or unassigned', async () => {
    await world.save({ objects: [user('in'), user('out'), user('other'), group('g')] });
    await assign(['out', 'User']);
    await settled();
    await assign(['in', 'User'], ['g', 'Group']);
    await unassign('out');
    const cycle = await world.begin('incremental');
    expect(await world.work(cycle, 'users')).toEqual(['in', 'out']);
    expect(await world.work(cycle, 'groups')).toEqual(['g']);
  });

  it('looks at members who came to or left an assigned group, and not at those of other groups', async () => {
    await world.save({
      objects: ['came', 'left', 'stayed', 'elsewhere'].map((id) => user(id)),
      memberships: [member('g', 'left'), member('g', 'stayed')],
    });
    await assign(['g', 'Group']);
    await settled();
    await world.save({ memberships: [member('g', 'came'), member('g', 'left', false), member('other', 'elsewhere')] });
    expect(await world.work(await world.begin('incremental'), 'users')).toEqual(['came', 'left']);
  });

  it('looks at the members of a group that was assigned or unassigned, and at who left it since', async () => {
    await world.save({
      objects: ['m', 'n', 'left'].map((id) => user(id)),
      memberships: [member('new', 'm'), member('old', 'n'), member('old', 'left')],
    });
    await assign(['old', 'Group']);
    await settled();
    await unassign('old');
    await assign(['new', 'Group']);
    const cycle = await world.begin('incremental');
    await world.save({ memberships: [member('old', 'left', false)] });
    expect(await world.work(cycle, 'users')).toEqual(['left', 'm', 'n']);
  });

  it('looks for leavers among linked objects that changed, and in an initial cycle among all linked ones', async () => {
    await world.save({ objects: [user('linked'), user('changed'), user('free'), group('g')] });
    await world.link(user('linked'), user('changed'), group('g'));
    const quiet = await world.begin('incremental');
    expect(await world.work(quiet, 'leavers')).toEqual([]);
    await world.finish(quiet, quiet.to ?? 0);
    await world.save({ objects: [user('changed', { city: 'Bern' }), user('free', { city: 'Bern' })] });
    const next = await world.begin('incremental');
    expect(await world.work(next, 'leavers')).toEqual(['changed']);
    await world.finish(next);
    expect(await world.work(await world.begin('initial'), 'leavers')).toEqual(['changed', 'g', 'linked']);
  });

  it('looks at held deletions once they are approved, and else not', async () => {
    await world.save({ objects: [user('kept'), group('g')] });
    await world.link(user('kept'), group('g'));
    await world.rows(
      `INSERT INTO held_deletion (job_id, source_id, type, action, because, display_name, target_id, cycle_id)
       SELECT job_id, source_id, type, 'delete', 'not-assigned', '', target_id, cycle_id FROM link`,
    );
    const plain = await world.begin('incremental');
    expect(await world.work(plain, 'leavers')).toEqual([]);
    await world.finish(plain);
    const decided = { decision: 'approved', at: new Date(), by: 'admin', reason: 'They left.' } as const;
    expect(await world.store.held.decide(jobId, { ids: ['kept'] }, decided)).toEqual(['kept']);
    expect(await world.work(await world.begin('incremental'), 'leavers')).toEqual(['kept']);
  });

  it('leaves out those who were decided as leavers when it looks at users and groups', async () => {
    await world.save({ objects: [user('leaver'), user('stayer'), group('g')] });
    await world.link(user('leaver'), user('stayer'), group('g'));
    const cycle = await world.begin('initial');
    const staged = { sourceId: 'leaver', type: 'User', because: 'not-assigned', fresh: true } as const;
    await world.record(await world.page(cycle, 'leavers'), [], { leavers: { staged: [staged], cleared: [] } });
    expect(await world.store.cycles.leavers(cycle.id, new Date())).toMatchObject({
      User: { fresh: 1, linked: 2 },
      Group: { fresh: 0 },
    });
    expect(await world.work(cycle, 'deprovision')).toEqual(['leaver']);
    expect(await world.work(cycle, 'users')).toEqual(['stayer']);
  });

  it('invariant 3: a leaver that was found and not decided is looked at again by the next cycle', async () => {
    await world.save({ objects: [user('leaver')] });
    await world.link(user('leaver'));
    const cycle = await world.begin('initial');
    const staged = { sourceId: 'leaver', type: 'User', because: 'not-assigned', fresh: true } as const;
    await world.record(await world.page(cycle, 'leavers'), [], { leavers: { staged: [staged], cleared: [] } });
    await world.finish(cycle, cycle.to ?? 0);
    const next = await world.begin('incremental');
    const page = await world.page(next, 'leavers');
    expect(page.objectIds).toEqual(['leaver']);
    await world.record(page, [], { leavers: { staged: [], cleared: ['leaver'] } });
    await world.finish(next);
    expect(await world.work(await world.begin('incremental'), 'leavers')).toEqual([]);
  });

  it('retries failed objects that are due and that it has not looked at anyway', async () => {
    await world.save({ objects: ['due', 'due-changed', 'later', 'source-only'].map((id) => user(id)) });
    const first = await world.begin('initial');
    const failed = (id: string) => ({
      kind: 'failed' as const,
      action: create(id),
      error: { code: 'BadRequest' as const, message: id },
    });
    const nextRetry: NextRetry = ({ message }) =>
      message === 'source-only'
        ? { state: 'waiting', nextRetry: null }
        : { state: 'retrying', nextRetry: message === 'later' ? new Date(Date.now() + 1e6) : new Date(0) };
    await world.record(await world.page(first, 'users'), ['due', 'due-changed', 'later', 'source-only'].map(failed), {
      nextRetry,
    });
    expect(await world.work(first, 'escrow')).toEqual([]);
    await world.finish(first, first.to ?? 0);
    await world.save({ objects: [user('due-changed', { city: 'Bern' })] });
    const cycle = await world.begin('incremental');
    expect(await world.work(cycle, 'users')).toEqual(['due-changed']);
    expect(await world.work(cycle, 'escrow')).toEqual(['due']);
  });
});

describe('references in an incremental cycle', () => {
  it('are looked at where members or the manager changed, for linked owners only', async () => {
    await world.save({ objects: [user('u'), user('boss'), user('plain'), group('g'), group('unlinked')] });
    await world.link(user('u'), user('boss'), user('plain'), group('g'));
    await world.save({ objects: [user('u', {}, 'boss')], memberships: [member('g', 'u'), member('unlinked', 'u')] });
    expect(await world.work(await world.begin('incremental'), 'references')).toEqual(['g', 'u']);
  });

  it('are looked at again the moment that a member or a manager is provisioned', async () => {
    await world.save({
      objects: [user('u', {}, 'boss'), user('boss'), group('g'), group('h')],
      memberships: [member('g', 'boss'), member('h', 'u')],
    });
    await world.link(user('u'), group('g'), group('h'));
    await world.save({ objects: [user('boss', { city: 'Bern' })] });
    const cycle = await world.begin('incremental');
    await world.record(await world.page(cycle, 'users'), [
      { kind: 'applied', action: create('boss'), targetId: 't-boss', known: {} },
    ]);
    expect(await world.work(cycle, 'references')).toEqual(['boss', 'g', 'u']);
  });

  it('survive a cycle that stopped before it came to them', async () => {
    await world.save({
      objects: [user('u', {}, 'boss'), user('boss'), group('g')],
      memberships: [member('g', 'boss')],
    });
    await world.link(user('u'), group('g'));
    await world.save({ objects: [user('boss', { city: 'Bern' })] });
    const stopped = await world.begin('incremental');
    await world.record(await world.page(stopped, 'users'), [
      { kind: 'applied', action: create('boss'), targetId: 't-boss', known: {} },
    ]);
    await world.store.cycles.end(stopped.id, { state: 'stopped', at: new Date(), error: null });
    await settled();
    const next = await world.begin('incremental');
    const page = await world.page(next, 'references');
    expect(page.objectIds).toEqual(['g', 'u']);
    await world.record(page, []);
    await world.finish(next, next.to ?? 0);
    expect(await world.work(await world.begin('incremental'), 'references')).toEqual([]);
  });

  it('are retried when they failed and are due', async () => {
    await world.save({ objects: [group('g')] });
    await world.link(group('g'));
    await world.save({ memberships: [member('g', 'u')] });
    const first = await world.begin('incremental');
    const error = { code: 'BadRequest' as const, message: 'no' };
    const failed = referencesOf('g', { error });
    await world.record(await world.page(first, 'references'), [], {
      references: [failed],
      nextRetry: () => ({ state: 'retrying', nextRetry: new Date(0) }),
    });
    await world.finish(first, first.to ?? 0);
    const next = await world.begin('incremental');
    expect(await world.work(next, 'escrow')).toEqual([]);
    const page = await world.page(next, 'references');
    expect(page.objectIds).toEqual(['g']);
    await world.record(page, [], { references: [{ ...failed, error: null }] });
    expect(await world.store.jobs.escrowCount(jobId)).toBe(0);
  });

  it('are looked at again when a member in escrow changed, and when something was left to do', async () => {
    await world.save({ objects: [group('g'), group('h'), user('poison'), user('other')] });
    await world.link(group('g'), group('h'), user('poison'), user('other'));
    await world.rows(
      `INSERT INTO escrow SELECT '${jobId}', g, 'Group', 'members/' || m, 'update', '{}', 'BadRequest', now(), now(), 1, now() + interval '1 day'
       FROM (VALUES ('g', 'poison'), ('h', 'other')) AS e(g, m)`,
    );
    await world.save({ objects: [user('poison', { city: 'Bern' })] });
    const cycle = await world.begin('incremental');
    const page = await world.page(cycle, 'references');
    expect(page.objectIds).toEqual(['g', 'poison']);
    await world.record(page, [], { references: [referencesOf('g', { unfinished: true })] });
    await world.finish(cycle, cycle.to ?? 0);
    expect(await world.work(await world.begin('incremental'), 'references')).toEqual(['g']);
  });

  it('of deleted or disabled owners are left alone', async () => {
    await world.save({ objects: [group('g'), user('u'), user('boss')] });
    await world.link(group('g'), user('u'), user('boss'));
    await world.rows(`UPDATE link SET state = 'disabled' WHERE source_id = 'u'`);
    await world.save({
      objects: [user('u', {}, 'boss')],
      memberships: [member('g', 'u')],
      tombstones: [tombstone('g', 'soft-deleted', 'Group')],
    });
    expect(await world.work(await world.begin('incremental'), 'references')).toEqual([]);
  });
});
