// A page in the hand of one run, a pause between two objects, and what goes on after it; on a real database and a real server.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { holdPage } from '../../src/cycle/hold-page.ts';
import type { Hold } from '../../src/cycle/hold-page.ts';
import type { Cycle } from '../../src/rules/model/job.ts';
import { create, created, jobId, member } from '../store/world.ts';
import { openCycleWorld, person, team } from './world.ts';
import type { CycleWorld } from './world.ts';

let life: CycleWorld;
const holds: Hold[] = [];
beforeAll(async () => {
  life = await openCycleWorld();
});
beforeEach(() => life.reset());
afterAll(async () => {
  for (const hold of holds) await hold.release();
  await life.close();
});

const people = Array.from({ length: 20 }, (_, n) => `u${String(n).padStart(2, '0')}`);
const stop = (toGoOn = true) => life.world.store.cycles.stop(jobId, { at: new Date(), toGoOn });
const goOn = () => life.world.store.cycles.goOn(jobId);
async function take(pageId: string): Promise<Hold> {
  const hold = await holdPage(life.deps, pageId);
  if (hold === null) throw new Error(`nothing is left to do for ${pageId}`);
  holds.push(hold);
  return hold;
}
const leaseRunsOut = () => life.world.rows('UPDATE page SET held_until = now()');
async function pageOf(cycle: Cycle): Promise<string> {
  const [page] = await life.world.store.cycles.cutPages(cycle.id, 'users');
  return page ?? '';
}
/** Calls `then` in the middle of the nth write of this kind; later ones are answered when it is done. */
function inWrite(nth: number, method: string, then: () => Promise<unknown>): void {
  let seen = 0;
  let done: Promise<unknown> | undefined;
  life.target.moods.meddle = async (sent) => {
    if (sent.method !== method) return null;
    seen += 1;
    if (seen === nth) done = then();
    await done;
    return null;
  };
}
const writes = (method: string) => life.target.sent.filter((sent) => sent.method === method).length;
/** Writes that are under way when a pause is seen. */
const CONCURRENT = 4;

describe('a page', () => {
  it('invariant 5: taken from a run by another fences it off: it writes, intends and records nothing any more', async () => {
    await life.world.save({ objects: [person('u')] });
    const page = await pageOf(await life.world.begin('initial'));
    const [old, waiting] = [await take(page), take(page)];
    expect(await old.mayWrite()).toBe(true);
    await leaseRunsOut();
    const young = await waiting;
    expect([await old.mayWrite(), await young.mayWrite()]).toEqual([false, true]);
    const { provisioning } = life.world.store;
    expect(await provisioning.intend(old.page, jobId, [create('u')])).toEqual(new Set(['u']));
    expect(await life.world.record(old.page, [created('u')])).toBe('lost');
    expect(await provisioning.intend(young.page, jobId, [create('u')])).toEqual(new Set());
    expect(await life.world.record(young.page, [created('u')])).toBe('recorded');
    expect(await holdPage(life.deps, page)).toBeNull();
  });

  it('invariant 5: of a stopped cycle keeps its objects while something of it is under way', async () => {
    await life.world.save({ objects: [person('u')] });
    const old = await take(await pageOf(await life.world.begin('initial')));
    await life.world.store.provisioning.intend(old.page, jobId, [create('u')]);
    await stop(false);
    const next = await take(await pageOf(await life.world.begin('initial')));
    const intend = () => life.world.store.provisioning.intend(next.page, jobId, [create('u')]);
    expect(await old.mayWrite()).toBe(false);
    expect(await intend()).toEqual(new Set(['u']));
    await old.release();
    expect(await intend()).toEqual(new Set());
  });
});

describe('a pause', () => {
  it('stops between two objects; a start goes on with those that are left, and nobody is there twice', async () => {
    await life.world.save({ objects: people.map((id) => person(id)) });
    const cycle = await life.world.begin('initial');
    inWrite(3, 'POST', () => stop());
    await life.work(cycle, 'users');
    const sent = writes('POST');
    expect(sent).toBeGreaterThanOrEqual(3);
    expect(sent).toBeLessThan(3 + CONCURRENT);
    expect(await life.world.store.cycles.get(cycle.id)).toMatchObject({
      state: 'stopped',
      counts: { created: sent, imported: sent },
      progress: { done: sent },
    });
    expect(await goOn()).toMatchObject({ id: cycle.id, state: 'running', endedAt: null });
    await life.work(cycle, 'users');
    expect(await life.finish(cycle)).toMatchObject({ counts: { created: 20, imported: 20 }, progress: { done: 20 } });
    expect([writes('POST'), life.target.users.size]).toEqual([20, 20]);
  });

  it('stops a group between two batches of its members', async () => {
    await life.world.save({
      objects: [team('g'), ...people.map((id) => person(id))],
      memberships: people.map((id) => member('g', id)),
    });
    await life.world.rows('UPDATE job SET dialect = $1', [
      JSON.stringify({ knobs: { membersPerPatch: 5 }, proven: [] }),
    ]);
    const cycle = await life.upTo('groups', 'initial');
    inWrite(2, 'PATCH', () => stop());
    await life.work(cycle, 'references');
    expect(writes('PATCH')).toBe(2);
    expect(await goOn()).not.toBeNull();
    await life.work(cycle, 'references');
    expect(await life.finish(cycle)).toMatchObject({ counts: { membersAdded: 20 } });
    expect(writes('PATCH')).toBe(4);
  });

  it('of which the cycle was superseded, or that a restart followed, is not gone on with', async () => {
    await life.world.save({ objects: [person('u')] });
    await life.world.begin('initial');
    await stop();
    await stop(false);
    expect(await goOn()).toBeNull();
    await life.world.begin('initial');
    await stop();
    await sleep(2);
    await life.finish(await life.world.begin('initial'));
    expect(await goOn()).toBeNull();
  });
});
