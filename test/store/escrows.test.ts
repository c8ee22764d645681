import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NextRetry } from '../../src/rules/model/escrow.ts';
import type { Outcome } from '../../src/rules/model/decisions.ts';
import type { ObjectErrorCode } from '../../src/rules/model/errors.ts';
import { create, created, jobId, openWorld, user } from './world.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world.close());
beforeEach(() => world.reset());

const at = new Date('2026-01-02T00:00:00Z');
const later = new Date('2999-01-02T00:00:00Z');
const failed = (
  id: string,
  code: ObjectErrorCode = 'BadRequest',
  message = `title of "${id}" is too long`,
): Outcome => ({
  kind: 'failed',
  action: create(id),
  error: { code, message, attribute: 'title' },
});
const given =
  (state: ReturnType<NextRetry>['state'], nextRetry: Date | null = null): NextRetry =>
  () => ({
    state,
    nextRetry,
  });
/** An initial cycle in which these fail. */
async function fail(outcomes: readonly Outcome[], nextRetry: NextRetry = given('waiting')): Promise<void> {
  const cycle = await world.begin('initial');
  await world.record(await world.page(cycle, 'users'), outcomes, { nextRetry, at });
  await world.finish(cycle, cycle.to ?? 0);
}
const list = async (query: Partial<Parameters<World['store']['escrows']['list']>[1]> = {}) =>
  (await world.store.escrows.list(jobId, { limit: 100, ...query })).entries;
const ignore = { state: 'ignored', nextRetry: null, note: 'known', notedBy: 'somebody' } as const;

describe('what is in escrow', () => {
  beforeEach(async () => {
    await world.save({ objects: ['a', 'b', 'c', 'd'].map((id) => user(id)) });
    await fail([failed('a'), failed('b'), failed('c', 'Conflict', 'taken'), created('d')]);
  });

  it('is listed in pages, narrowed by cause, code, state and object', async () => {
    const first = await world.store.escrows.list(jobId, { limit: 2 });
    expect(first.entries.map(({ sourceId }) => sourceId)).toEqual(['a', 'b']);
    const rest = await world.store.escrows.list(jobId, { limit: 2, cursor: first.next ?? '' });
    expect(rest).toMatchObject({ entries: [{ sourceId: 'c', displayName: 'c', attempts: 1 }], next: null });
    const [entry] = first.entries;
    expect((await list({ cause: entry?.cause ?? '' })).map(({ sourceId }) => sourceId)).toEqual(['a', 'b']);
    expect((await list({ code: 'Conflict' })).map(({ sourceId }) => sourceId)).toEqual(['c']);
    expect(await list({ state: 'ignored' })).toEqual([]);
    expect(await list({ sourceId: 'b' })).toMatchObject([{ sourceId: 'b', subject: 'object', firstFailed: at }]);
  });

  it('is grouped by cause, the most frequent first, with an example', async () => {
    expect(await world.store.escrows.causes(jobId)).toMatchObject([
      { code: 'BadRequest', attribute: 'title', count: 2, states: { waiting: 2 }, example: { sourceId: 'a' } },
      { code: 'Conflict', count: 1, example: { message: 'taken' } },
    ]);
  });

  it('is decided about by object, by failure, by cause, and all at once', async () => {
    const { decide } = world.store.escrows;
    expect(await decide(jobId, { ids: ['a', 'c/object', 'stranger'] }, ignore)).toBe(2);
    const [, b] = await list();
    expect(await decide(jobId, { cause: b?.cause ?? '' }, { ...ignore, state: 'snoozed', nextRetry: later })).toBe(2);
    expect(await list()).toMatchObject([
      { sourceId: 'a', state: 'snoozed', nextRetry: later, note: 'known', notedBy: 'somebody' },
      { sourceId: 'b', state: 'snoozed' },
      { sourceId: 'c', state: 'ignored', nextRetry: null },
    ]);
    expect(await decide(jobId, { all: true }, { ...ignore, state: 'retrying', nextRetry: at })).toBe(3);
    expect(await world.work(await world.begin('incremental'), 'escrow')).toEqual(['a', 'b', 'c']);
  });

  it('counts what is ignored, but not for quarantine', async () => {
    expect(await world.store.escrows.standing(jobId)).toEqual({ failedObjects: 3, failedReferences: 0, good: 1 });
    await world.store.escrows.decide(jobId, { ids: ['a'] }, ignore);
    expect(await world.store.escrows.standing(jobId)).toMatchObject({ failedObjects: 2 });
    expect(await world.store.jobs.escrowCount(jobId)).toBe(3);
  });

  it('wakes by code, but not what somebody ignores or snoozes', async () => {
    await world.store.escrows.decide(jobId, { ids: ['a'] }, ignore);
    expect(await world.store.escrows.wake(jobId, ['BadRequest'], at)).toBe(1);
    expect(await list()).toMatchObject([
      { state: 'ignored' },
      { state: 'retrying', nextRetry: at },
      { state: 'waiting' },
    ]);
    expect(await world.store.escrows.wake(jobId, ['BadRequest'], at)).toBe(0);
  });

  it('tells who evaluates it that it is ignored, until it changes', async () => {
    const ignored = async () =>
      (await world.store.provisioning.candidates(world.job, ['a', 'b'])).map((candidate) => candidate.ignored ?? false);
    await world.store.escrows.decide(jobId, { ids: ['a'] }, ignore);
    expect(await ignored()).toEqual([true, false]);
    await world.save({ objects: [user('a', { title: 'short' })] });
    await world.version();
    expect(await ignored()).toEqual([false, false]);
  });

  it('forgets a decision when it fails anew, and keeps it through a skip that respects it', async () => {
    await world.store.escrows.decide(jobId, { all: true }, ignore);
    const cycle = await world.begin('initial');
    const { sourceId, type, displayName } = create('a');
    const skip = { kind: 'skip', because: 'EscrowIgnored', sourceId, type, displayName } as const;
    await world.record(await world.page(cycle, 'users'), [
      { kind: 'skipped', action: { ...skip, targetId: null, adopt: null, forget: false } },
      failed('b'),
    ]);
    expect(await list()).toMatchObject([
      { sourceId: 'a', state: 'ignored', attempts: 1 },
      { sourceId: 'b', state: 'waiting', attempts: 2 },
      { sourceId: 'c', state: 'ignored' },
    ]);
  });
});

describe('the first page of a job that was in quarantine', () => {
  it('has one object, rather a linked one that did not fail, and the others are in the next', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    await world.save({ objects: ids.map((id) => user(id)) });
    await fail([failed('a'), failed('b'), created('c')]);
    await world.save({ objects: ids.map((id) => user(id, { city: 'Bern' })) });
    const cycle = await world.begin('incremental');
    await world.rows('UPDATE cycle SET probing = true WHERE id = $1', [cycle.id]);
    const cut = await world.store.cycles.cutPages(cycle.id, 'users');
    const pages = await Promise.all(cut.map((id) => world.store.cycles.page(id)));
    expect(cut[0]).toBe(`${cycle.id}.users.0`);
    expect(pages.map((page) => page?.objectIds)).toEqual([['c'], ['a', 'b', 'd', 'e']]);
    await world.store.cycles.letFollow(cycle.id);
    expect(await world.store.cycles.get(cycle.id)).toMatchObject({ probing: false });
  });
});
