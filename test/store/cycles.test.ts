import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noCounts } from '../../src/rules/model/job.ts';
import { jobId, openWorld, user } from './world.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

const newCycle = (id: string = randomUUID()) => ({
  id,
  jobId,
  type: 'initial' as const,
  dryRun: false,
  trigger: 'operator' as const,
  queuedAt: new Date(),
  schemaVersion: 1,
  from: 0,
});

describe('a cycle', () => {
  it('is the only unfinished one of its job, however many are asked for at once', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => world.store.cycles.open(newCycle())));
    const opened = answers.flatMap((answer) => ('opened' in answer ? [answer.opened] : []));
    const running = answers.flatMap((answer) => ('running' in answer ? [answer.running.id] : []));
    expect(opened).toHaveLength(1);
    expect(running).toEqual(Array.from({ length: 5 }, () => opened[0]?.id));
    expect(await world.store.cycles.unfinished()).toEqual(opened);
  });

  it('leaves room for the next one when it ends, and ends once', async () => {
    const cycle = await world.begin('initial');
    const end = { state: 'failed' as const, at: new Date(), error: { code: 'InternalError' as const, message: 'why' } };
    expect(await Promise.all([world.store.cycles.end(cycle.id, end), world.store.cycles.end(cycle.id, end)])).toContain(
      false,
    );
    expect(await world.store.cycles.get(cycle.id)).toMatchObject({
      state: 'failed',
      endedAt: end.at,
      error: end.error,
    });
    expect(await world.store.cycles.open(newCycle())).toHaveProperty('opened');
    expect((await world.store.cycles.list(jobId, 10)).map(({ id }) => id)).toHaveLength(2);
  });

  it('is opened with empty counts, in phase refresh', async () => {
    const answer = await world.store.cycles.open(newCycle('c'));
    expect(answer).toMatchObject({
      opened: {
        id: 'c',
        state: 'queued',
        phase: 'refresh',
        to: null,
        counts: noCounts,
        progress: { done: 0, total: 0 },
      },
    });
    await world.store.cycles.end('c', { state: 'stopped', at: new Date(), error: null });
    await expect(world.store.cycles.open(newCycle('c'))).rejects.toThrow();
  });

  it('moves to a phase once: who comes second, or too late, is told', async () => {
    await world.store.cycles.open(newCycle('c'));
    const startedAt = new Date(1000);
    const moves = await Promise.all(
      [1, 2].map(() => world.store.cycles.enterPhase('c', 'refresh', 'users', { to: 5, startedAt })),
    );
    expect(moves.filter((move) => move !== null)).toMatchObject([
      { phase: 'users', state: 'running', to: 5, startedAt },
    ]);
    const next = await world.store.cycles.enterPhase('c', 'users', 'groups', {});
    expect(next).toMatchObject({ phase: 'groups', to: 5, startedAt });
    await world.store.cycles.end('c', { state: 'stopped', at: new Date(), error: null });
    expect(await world.store.cycles.enterPhase('c', 'groups', 'escrow', {})).toBeNull();
  });

  it('adds counts without losing any', async () => {
    await world.store.cycles.open(newCycle('c'));
    await Promise.all(Array.from({ length: 10 }, () => world.store.cycles.addCounts('c', { created: 2, failed: 1 })));
    expect((await world.store.cycles.get('c'))?.counts).toEqual({ ...noCounts, created: 20, failed: 10 });
  });

  it('counts linked accounts that are gone over all who work at it', async () => {
    await world.store.cycles.open(newCycle('c'));
    const before = await Promise.all([2, 2, 2].map((n) => world.store.cycles.countGone('c', n)));
    expect(before.sort()).toEqual([0, 2, 4]);
  });

  it('invariant 3: moves the watermark of its job in the moment it ends, and only then', async () => {
    const cycle = await world.begin('initial');
    expect((await world.store.jobs.get(jobId))?.watermark).toBeNull();
    await world.finish(cycle, 41);
    expect((await world.store.jobs.get(jobId))?.watermark).toBe(41);
    await world.store.cycles.end(cycle.id, { state: 'succeeded', at: new Date(), error: null, watermark: 99 });
    expect((await world.store.jobs.get(jobId))?.watermark).toBe(41);
    await world.store.jobs.update(jobId, { watermark: null });
  });
});

describe('pages', () => {
  const ids = (n: number) => Array.from({ length: n }, (_, i) => `u${String(i).padStart(5, '0')}`);
  const cut = async (n: number) => {
    await world.save({ objects: ids(n).map((id) => user(id)) });
    const cycle = await world.begin('initial');
    const pageIds = await world.store.cycles.cutPages(cycle.id, 'users');
    const pages = await Promise.all(pageIds.map((id) => world.store.cycles.page(id)));
    return { cycle, pages };
  };

  it.each([
    [10, [10]],
    [60, [25, 25, 10]],
    [2000, Array.from({ length: 40 }, () => 50)],
  ])('of %i objects hold a fortieth of the work, and not fewer than 25', async (n, sizes) => {
    const { cycle, pages } = await cut(n);
    expect(pages.map((page) => page?.objectIds.length)).toEqual(sizes);
    expect(pages.flatMap((page) => page?.objectIds)).toEqual(ids(n));
    expect((await world.store.cycles.get(cycle.id))?.progress).toEqual({ done: 0, total: n });
  });

  it('are cut once, also when several ask at once and when the mirror grows meanwhile', async () => {
    await world.save({ objects: ids(30).map((id) => user(id)) });
    const cycle = await world.begin('initial');
    const answers = await Promise.all([1, 2, 3].map(() => world.store.cycles.cutPages(cycle.id, 'users')));
    await world.save({ objects: [user('late')] });
    answers.push(await world.store.cycles.cutPages(cycle.id, 'users'));
    expect(new Set(answers.map(String)).size).toBe(1);
    expect((await world.store.cycles.get(cycle.id))?.progress.total).toBe(30);
  });

  it('of a phase without work stay none', async () => {
    const cycle = await world.begin('initial');
    expect(await world.work(cycle, 'users')).toEqual([]);
    await world.save({ objects: [user('late')] });
    expect(await world.work(cycle, 'users')).toEqual([]);
    expect(await world.work(cycle, 'refresh')).toEqual([]);
  });

  it('are unfinished until they are recorded', async () => {
    const { cycle, pages } = await cut(30);
    const [first, second] = pages;
    if (first == null || second == null) throw new Error('there are two pages');
    await world.record(first, []);
    expect(await world.store.cycles.unfinishedPages(cycle.id, 'users')).toEqual([second.id]);
    expect((await world.store.cycles.get(cycle.id))?.progress).toEqual({ done: 25, total: 30 });
  });

  it('are given up after three failures, and only while they are unfinished', async () => {
    const { cycle, pages } = await cut(30);
    const [first, second] = pages;
    if (first == null || second == null) throw new Error('there are two pages');
    const { cycles } = world.store;
    for (const { id } of [first, second, first, second, first]) await cycles.pageFailed(id);
    expect(await cycles.pagesGivenUp(cycle.id, 'users')).toBe(1);
    expect(await cycles.pagesGivenUp(cycle.id, 'groups')).toBe(0);
    await world.record(first, []);
    expect(await cycles.pagesGivenUp(cycle.id, 'users')).toBe(0);
  });

  it('go when their cycle has ended; one in flight stays until it is recorded and a later cycle ends', async () => {
    const { cycle, pages } = await cut(30);
    const [first, second] = pages;
    if (first == null || second == null) throw new Error('there are two pages');
    await world.record(first, []);
    await world.store.cycles.end(cycle.id, { state: 'stopped', at: new Date(), error: null });
    expect(await world.rows('SELECT id FROM page')).toEqual([{ id: second.id }]);
    expect(await world.store.cycles.cutPages(cycle.id, 'groups')).toEqual([]);
    await world.finish(await world.begin('initial'));
    expect(await world.rows('SELECT id FROM page')).toEqual([]);
  });
});
