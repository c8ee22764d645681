// Pages of cycles against an application that is lost on the way: what is concluded, and what is still under way then.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scimTargets } from '../../src/target/scim-targets.ts';
import { jobId, member } from '../store/world.ts';
import { openCycleWorld, person, team } from './world.ts';
import type { CycleWorld } from './world.ts';

let life: CycleWorld;
const impatient = scimTargets({
  userAgent: 'Provisor/test',
  allowPrivate: true,
  concurrency: 4,
  timeoutMs: 300,
  wait: () => Promise.resolve(),
});
beforeAll(async () => {
  life = await openCycleWorld();
});
beforeEach(() => life.reset());
afterAll(async () => {
  await impatient.close();
  await life.close();
});

const names = (count: number) => Array.from({ length: count }, (_, n) => `u${String(n).padStart(4, '0')}`);
const rows = (sql: string) => life.world.rows(sql);
const stateOf = async (cycleId: string) => life.deps.cycles.get(cycleId);

describe('an application that takes requests and answers no more', () => {
  it('invariant 6: ends the page; what it made unanswered is found, and nobody is made twice', async () => {
    await life.world.save({ objects: names(30).map((id) => person(id)) });
    let answered = 0;
    life.target.moods.meddle = ({ method }) => {
      if (method === 'POST') answered += 1;
      return Promise.resolve(answered >= 10 ? 'silence' : null);
    };
    const cycle = await life.upTo('users', 'initial', { ...life.deps, targets: impatient });
    expect(await stateOf(cycle.id)).toMatchObject({
      state: 'failed',
      error: { code: 'SystemForCrossDomainIdentityManagementUnreachable' },
    });
    const made = life.target.users.size;
    expect(made).toBeGreaterThanOrEqual(10);
    expect(made).toBeLessThan(25);
    expect(await rows('SELECT * FROM escrow')).toEqual([]);
    life.target.moods.meddle = null;
    life.target.sent.length = 0;
    expect(await life.run('initial')).toMatchObject({ counts: { failed: 0, created: 30 - made } });
    expect(life.target.sent.filter(({ method }) => method === 'POST')).toHaveLength(30 - made);
    expect(life.target.users.size).toBe(30);
    expect(await rows('SELECT * FROM link')).toHaveLength(30);
  });
});

describe('an application that is lost among references', () => {
  it('invariant 5: the page ends when nothing of it is under way any more', async () => {
    await life.world.save({
      objects: [team('g1'), team('g2'), person('a')],
      memberships: ['g1', 'g2'].map((id) => member(id, 'a')),
    });
    const cycle = await life.upTo('groups', 'initial');
    let release = (): void => undefined;
    const slow = new Promise<null>((resolve) => (release = () => resolve(null)));
    let patches = 0;
    life.target.moods.meddle = ({ method }) => {
      if (method !== 'PATCH') return Promise.resolve(null);
      patches += 1;
      return patches === 1 ? slow : Promise.resolve(401);
    };
    let ended = false;
    const page = life.work(cycle, 'references').then(() => (ended = true));
    await expect.poll(() => patches).toBe(2);
    // Whoever gave up at the first refusal would have ended the cycle by the time that other requests are answered.
    for (let n = 0; n < 20; n += 1) await rows('SELECT 1');
    expect(ended).toBe(false);
    expect((await stateOf(cycle.id))?.endedAt).toBeNull();
    release();
    await page;
    expect(await stateOf(cycle.id)).toMatchObject({ state: 'failed' });
  });
});

describe('linked accounts that are gone', () => {
  it('invariant 1: are counted over all workers of a cycle', async () => {
    const people = names(120);
    await life.world.save({ objects: people.map((id) => person(id)) });
    await life.run('initial');
    await life.deps.jobs.update(jobId, { settings: { InvalidAnchorAction: 'Recreate', InvalidAnchorMost: '5' } });
    const few = [...people.slice(0, 3), ...people.slice(-3)];
    for (const [id, { userName }] of [...life.target.users])
      if (few.some((name) => String(userName).startsWith(name))) life.target.users.delete(id);
    await life.world.save({ objects: people.map((id) => person(id, { jobTitle: 'Moved' })) });
    const cycle = await life.upTo('users');
    expect(await stateOf(cycle.id)).toMatchObject({
      state: 'failed',
      counts: { created: 3 },
      error: { message: expect.stringContaining('6 linked accounts are gone') as string },
    });
    await life.deps.jobs.update(jobId, { settings: {} });
  });
});
