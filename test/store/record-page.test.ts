// The checkpoint: what the tables say after a page was recorded, and after it was recorded again.
import type { NextRetry } from '../../src/rules/model/escrow.ts';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Action, Deprovisioning, Outcome, ReferenceOutcome } from '../../src/rules/model/decisions.ts';
import type { ObjectError } from '../../src/rules/model/errors.ts';
import type { Page } from '../../src/rules/model/job.ts';
import type { LogEntry } from '../../src/rules/model/log.ts';
import { tallyOf } from '../../src/rules/model/id-tally.ts';
import { action, create, created, group, jobId, member, openWorld, referencesOf, tenantId, user } from './world.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const update = (sourceId: string, targetId = `t-${sourceId}`): Action => ({
  ...action(sourceId),
  kind: 'update',
  because: 'attributes-differ',
  targetId,
  changes: [],
  known: {},
});
const deletion = (sourceId: string, kind: 'disable' | 'delete' = 'delete'): Deprovisioning =>
  kind === 'delete'
    ? { ...action(sourceId), kind, because: 'not-assigned', targetId: `t-${sourceId}` }
    : { ...action(sourceId), kind, because: 'not-assigned', targetId: `t-${sourceId}`, changes: [], known: {} };
const skip = (sourceId: string, more: Partial<Extract<Action, { kind: 'skip' }>> = {}): Outcome => ({
  kind: 'skipped',
  action: {
    ...action(sourceId),
    kind: 'skip',
    because: 'RedundantExport',
    targetId: null,
    adopt: null,
    forget: false,
    ...more,
  },
});
const applied = (of: Action, known: Record<string, string> | null = { userName: 'new' }): Outcome => ({
  kind: 'applied',
  action: of,
  targetId: 'targetId' in of ? of.targetId : null,
  known,
});
const refused: ObjectError = { code: 'BadRequest', message: 'no' };
const failed = (sourceId: string, error = refused): Outcome => ({ kind: 'failed', action: create(sourceId), error });
const logOf = (cycleId: string, sourceId: string): LogEntry => ({
  id: randomUUID(),
  activityDateTime: new Date(),
  tenantId,
  jobId,
  cycleId,
  changeId: randomUUID(),
  servicePrincipal: { id: 'sp', displayName: 'App' },
  provisioningAction: 'create',
  status: 'success',
  error: null,
  durationInMilliseconds: 1,
  sourceIdentity: { id: sourceId, displayName: sourceId, identityType: 'User', details: {} },
  targetIdentity: { id: '', displayName: '', identityType: 'User', details: {} },
  steps: [],
  modifiedProperties: [],
});

const links = () => world.rows<{ source_id: string }>('SELECT source_id, target_id, state, known FROM link ORDER BY 1');
const escrows = () =>
  world.rows<{ attempts: number; first_failed: Date; next_retry: Date | null }>(
    'SELECT * FROM escrow ORDER BY source_id, subject',
  );
const held = () => world.rows<{ source_id: string }>('SELECT source_id, action, because FROM held_deletion ORDER BY 1');
const members = () => world.rows('SELECT group_id, member_id, target_id FROM link_member ORDER BY 1, 2');
const pending = () => world.rows('SELECT owner_id, attribute, referenced_id FROM pending_reference ORDER BY 1, 2, 3');

const heldBack = (action: Deprovisioning): Outcome => ({
  kind: 'held',
  action,
  why: 'Too many.',
  evidence: {
    presence: 'live',
    scope: { active: true, assigned: false, passedFilter: true, filterResults: {} },
    account: null,
  },
});

/** A cycle over users that exist; its only page of users. */
async function usersPage(...ids: readonly string[]): Promise<Page> {
  await world.save({ objects: ids.map((id) => user(id)) });
  return world.page(await world.begin('initial'), 'users');
}
/** The same objects again in a new cycle. */
async function nextPage(): Promise<Page> {
  for (const cycle of await world.store.cycles.unfinished()) await world.finish(cycle);
  return world.page(await world.begin('initial'), 'users');
}

describe('a recorded page', () => {
  it('has links, log, counts and progress, all at once', async () => {
    const page = await usersPage('u', 'v');
    await world.record(page, [created('u'), created('v')], {
      counts: { created: 2, targetWrites: 2 },
      log: [logOf(page.cycleId, 'u')],
    });
    expect(await links()).toEqual([
      { source_id: 'u', target_id: 't-u', state: 'active', known: { userName: 'u' } },
      { source_id: 'v', target_id: 't-v', state: 'active', known: { userName: 'v' } },
    ]);
    expect(await world.store.cycles.get(page.cycleId)).toMatchObject({
      counts: { created: 2, targetWrites: 2 },
      progress: { done: 2, total: 2 },
    });
    expect((await world.store.logs.provisioning({ limit: 10 })).entries).toHaveLength(1);
  });

  it('invariant 6: that is recorded again, or twice at once, changes nothing', async () => {
    const page = await usersPage('u', 'v');
    const log = [logOf(page.cycleId, 'u')];
    const record = () => world.record(page, [created('u'), failed('v')], { counts: { created: 1, failed: 1 }, log });
    await Promise.all([record(), record()]);
    await record();
    expect(await world.store.cycles.get(page.cycleId)).toMatchObject({
      counts: { created: 1, failed: 1 },
      progress: { done: 2 },
    });
    expect(await escrows()).toMatchObject([{ attempts: 1 }]);
    expect((await world.store.logs.provisioning({ limit: 10 })).entries).toHaveLength(1);
  });

  it('is recorded whole or not at all', async () => {
    const page = await usersPage('u');
    const broken = {
      ...logOf(page.cycleId, 'u'),
      sourceIdentity: { ...logOf('', '').sourceIdentity, id: null as unknown as string },
    };
    await expect(world.record(page, [created('u')], { counts: { created: 1 }, log: [broken] })).rejects.toThrow();
    expect(await links()).toEqual([]);
    expect(await world.store.cycles.get(page.cycleId)).toMatchObject({ counts: { created: 0 }, progress: { done: 0 } });
    expect(await world.store.cycles.unfinishedPages(page.cycleId, 'users')).toEqual([page.id]);
  });

  it('invariant 3: of a what-if leaves its log and its counts, and nothing else', async () => {
    await world.save({ objects: [user('u'), user('v')] });
    const page = await world.page(await world.begin('initial', { dryRun: true }), 'users');
    await world.record(page, [{ kind: 'planned', action: create('u') }, failed('v'), heldBack(deletion('u'))], {
      counts: { created: 1 },
      log: [logOf(page.cycleId, 'u')],
    });
    expect([await links(), await escrows(), await held()]).toEqual([[], [], []]);
    expect(await world.store.cycles.get(page.cycleId)).toMatchObject({ counts: { created: 1 }, progress: { done: 2 } });
    expect((await world.store.logs.provisioning({ cycleId: page.cycleId, limit: 10 })).entries).toHaveLength(1);
  });

  it('counts what was written even when its cycle was stopped meanwhile', async () => {
    const page = await usersPage('u');
    await world.store.cycles.end(page.cycleId, { state: 'stopped', at: new Date(), error: null });
    await world.record(page, [created('u')]);
    expect(await links()).toMatchObject([{ source_id: 'u' }]);
  });
});

describe('links', () => {
  it('follow the account: changed, disabled, restored, deleted', async () => {
    await world.record(await usersPage('u'), [created('u')]);
    const after = async (outcome: Outcome) => {
      await world.record(await nextPage(), [outcome]);
      return links();
    };
    expect(await after(applied(update('u'), { userName: 'renamed' }))).toMatchObject([
      { state: 'active', known: { userName: 'renamed' } },
    ]);
    expect(await after(applied(deletion('u', 'disable'), { active: 'false' }))).toMatchObject([
      { state: 'disabled', known: { active: 'false' } },
    ]);
    expect(await after(applied(update('u')))).toMatchObject([{ state: 'disabled' }]);
    expect(await after(skip('u', { targetId: 't-u' }))).toMatchObject([{ state: 'disabled' }]);
    const restore: Action = {
      ...action('u'),
      kind: 'restore',
      because: 'back-in-scope',
      targetId: 't-u',
      changes: [],
      known: {},
    };
    expect(await after(applied(restore))).toMatchObject([{ state: 'active' }]);
    expect(await after(applied(deletion('u'), null))).toEqual([]);
  });

  it('are made for accounts that were there already, changed or not', async () => {
    const page = await usersPage('u', 'v');
    const matched: Action = {
      ...update('u'),
      kind: 'update',
      because: 'matched-account',
      targetId: 'old',
      changes: [],
      known: {},
    };
    await world.record(page, [applied(matched), skip('v', { targetId: 'old-v', adopt: { userName: 'v' } })]);
    expect(await links()).toMatchObject([
      { source_id: 'u', target_id: 'old' },
      { source_id: 'v', target_id: 'old-v', known: { userName: 'v' } },
    ]);
  });

  it('are forgotten when the object is gone for good, with all that was noted because of them', async () => {
    await world.save({ objects: [group('g')], memberships: [member('g', 'u')] });
    await world.record(await usersPage('u'), [created('u'), failed('u')]);
    await world.rows(`INSERT INTO link_member VALUES ('${jobId}', 'g', 'u', 't-u'), ('${jobId}', 'u', 'x', 't-x')`);
    await world.rows(`INSERT INTO pending_reference VALUES ('${jobId}', 'u', 'manager', 'boss')`);
    await world.record(await nextPage(), [skip('u', { forget: true, targetId: 't-u' })]);
    expect([await links(), await members(), await pending(), await escrows()]).toEqual([[], [], [], []]);
  });

  it('to an account made anew under another id start with no members noted', async () => {
    await world.record(await usersPage('u'), [created('u')]);
    await world.rows(`INSERT INTO link_member VALUES ('${jobId}', 'g', 'u', 't-u')`);
    await world.record(await nextPage(), [created('u', 'User', 'other')]);
    expect(await links()).toMatchObject([{ source_id: 'u', target_id: 'other' }]);
    expect(await members()).toEqual([]);
  });

  it('invariant 8: to one account are not made twice: the second object goes to escrow, the page goes on', async () => {
    const page = await usersPage('a', 'b', 'c');
    await world.record(page, [created('a', 'User', 'same'), created('b', 'User', 'same'), created('c')]);
    expect(await links()).toMatchObject([{ source_id: 'a', target_id: 'same' }, { source_id: 'c' }]);
    expect(await escrows()).toMatchObject([{ source_id: 'b', code: 'DuplicateSourceEntries' }]);
    await world.record(await nextPage(), [created('b', 'User', 'same')]);
    expect(await escrows()).toMatchObject([{ source_id: 'b', attempts: 2 }]);
  });
});

describe('escrow', () => {
  it('counts attempts, keeps when it first failed, and asks when to retry', async () => {
    const asked: number[] = [];
    const nextRetry: NextRetry = (_, { attempts, firstFailed, at }) => {
      asked.push(attempts);
      expect(firstFailed).toEqual(first);
      return attempts === 1
        ? { state: 'retrying', nextRetry: new Date(at.getTime() + 1000) }
        : { state: 'givenUp', nextRetry: null };
    };
    const [first, second] = [new Date(1_000_000), new Date(2_000_000)];
    await world.record(await usersPage('u'), [failed('u')], { at: first, nextRetry });
    expect(await escrows()).toMatchObject([
      {
        subject: 'object',
        action: 'create',
        code: 'BadRequest',
        error: refused,
        attempts: 1,
        first_failed: first,
        next_retry: new Date(1_001_000),
      },
    ]);
    await world.record(await nextPage(), [failed('u', { ...refused, code: 'Conflict' })], { at: second, nextRetry });
    expect(await escrows()).toMatchObject([
      { code: 'Conflict', attempts: 2, first_failed: first, last_failed: second, next_retry: null, state: 'givenUp' },
    ]);
    expect(asked).toEqual([1, 2]);
  });

  it.each([
    ['success', created('u')],
    ['a decided skip', skip('u')],
  ])('ends with %s', async (_, outcome) => {
    await world.record(await usersPage('u'), [failed('u')]);
    await world.record(await nextPage(), [outcome]);
    expect(await escrows()).toEqual([]);
  });
});

describe('held deletions', () => {
  it('stay until they are applied or their object is back in scope', async () => {
    await world.record(await usersPage('u', 'v', 'w'), [created('u'), created('v'), created('w')]);
    await world.record(await nextPage(), [
      heldBack(deletion('u')),
      heldBack(deletion('v', 'disable')),
      heldBack(deletion('w')),
    ]);
    expect(await held()).toEqual([
      { source_id: 'u', action: 'delete', because: 'not-assigned' },
      { source_id: 'v', action: 'disable', because: 'not-assigned' },
      { source_id: 'w', action: 'delete', because: 'not-assigned' },
    ]);
    await world.record(await nextPage(), [
      applied(deletion('u'), null),
      skip('v', { targetId: 't-v' }),
      heldBack(deletion('w')),
    ]);
    expect(await held()).toMatchObject([{ source_id: 'w' }]);
    expect((await links()).map((row) => row.source_id)).toEqual(['v', 'w']);
  });
});

describe('references', () => {
  it('keep the manager in what is known of the account', async () => {
    await world.save({ objects: [user('u', {}, 'boss'), user('boss')] });
    await world.link(user('u'), user('boss'));
    const write = async (reference: Partial<ReferenceOutcome>) => {
      for (const cycle of await world.store.cycles.unfinished()) await world.finish(cycle);
      const page = await world.page(await world.begin('initial'), 'references');
      await world.record(page, [], {
        references: [referencesOf('u', { attribute: 'urn:x:manager', ...reference })],
      });
      return (await world.rows<{ known: unknown }>(`SELECT known FROM link WHERE source_id = 'u'`))[0]?.known;
    };
    expect(await write({ added: tallyOf(['boss']) })).toEqual({ userName: 'u', 'urn:x:manager': 't-boss' });
    expect(await write({ removed: tallyOf(['t-boss']) })).toEqual({ userName: 'u' });
    expect(await write({ pending: tallyOf(['later']) })).toEqual({ userName: 'u' });
    expect(await pending()).toEqual([{ owner_id: 'u', attribute: 'urn:x:manager', referenced_id: 'later' }]);
    expect(await write({ error: { code: 'Timeout', message: 'lost' } })).toEqual({
      userName: 'u',
      'urn:x:manager': '',
    });
    expect(await pending()).toEqual([]);
  });

  it('that failed go to escrow under their attribute, once', async () => {
    await world.save({ objects: [group('g')], memberships: [member('g', 'a')] });
    await world.link(group('g'));
    const page = await world.page(await world.begin('initial'), 'references');
    await world.record(page, [], {
      references: [referencesOf('g', { error: refused }), referencesOf('g', { error: refused })],
    });
    expect(await escrows()).toMatchObject([{ source_id: 'g', type: 'Group', subject: 'members', attempts: 1 }]);
  });

  it('of an account that was made anew are written anew, also those that had failed', async () => {
    await world.record(await usersPage('u', 'v'), [created('u'), created('v')]);
    await world.rows(`INSERT INTO link_member VALUES ('${jobId}', 'g', 'u', 't-u'), ('${jobId}', 'g', 'v', 't-v')`);
    await world.rows(
      `INSERT INTO escrow SELECT '${jobId}', 'g', 'Group', 'members/' || m, 'update', '{}', 'BadRequest', now(), now(), 1, NULL
       FROM unnest(ARRAY['u', 'v']) AS m`,
    );
    await world.record(await nextPage(), [created('u', 'User', 'another')]);
    expect(await members()).toMatchObject([{ member_id: 'v' }]);
    expect(await escrows()).toMatchObject([{ subject: 'members/v' }]);
  });

  it('of an account that is active again are doubted: the application may have dropped them', async () => {
    await world.save({ objects: [group('g')], memberships: [member('g', 'u')] });
    await world.link(group('g'));
    await world.record(await usersPage('u', 'v'), [created('u'), created('v')]);
    await world.rows(`INSERT INTO link_member VALUES ('${jobId}', 'g', 'u', 't-u'), ('${jobId}', 'g', 'v', 't-v')`);
    await world.rows(`UPDATE link SET references_due = false`);
    const restore: Action = {
      ...update('u'),
      kind: 'restore',
      because: 'back-in-scope',
      targetId: 't-u',
      changes: [],
      known: {},
    };
    await world.record(await nextPage(), [applied(restore), applied(update('v'))]);
    expect(await world.rows('SELECT member_id FROM link_member WHERE unsure')).toEqual([{ member_id: 'u' }]);
    expect(await world.rows(`SELECT source_id FROM link WHERE references_due`)).toEqual([{ source_id: 'g' }]);
  });
});
