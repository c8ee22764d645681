// Matching in an initial cycle: one listing of the target where it can be believed, look-ups where it cannot; never two
// accounts for one object.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Deps } from '../../src/cycle/ports.ts';
import { openCycleWorld, person } from './world.ts';
import type { CycleWorld } from './world.ts';

let life: CycleWorld;
beforeAll(async () => {
  life = await openCycleWorld();
});
beforeEach(() => life.reset());
afterAll(() => life.close());

const PEOPLE = 400;
const names = (count = PEOPLE) => Array.from({ length: count }, (_, n) => `u${String(n).padStart(4, '0')}`);
const inDirectory = (count = PEOPLE) => life.world.save({ objects: names(count).map((id) => person(id)) });
/** Accounts as the cycle would leave them, so that nothing is to be written. */
const inTarget = (ids: readonly string[]) => {
  for (const id of ids)
    life.target.addUser(`A-${id}`, `${id.toUpperCase()}@contoso.com`, { displayName: id, externalId: id });
};
const requests = () => {
  const sent = life.target.sent.splice(0);
  return {
    lists: sent.filter(({ path }) => path.includes('startIndex=')).length,
    lookUps: sent.filter(({ path }) => path.includes('filter=')).length,
    reads: sent.filter(({ method, path }) => method === 'GET' && /^\/Users\/./.test(path)).length,
    creates: sent.filter(({ method }) => method === 'POST').length,
    all: sent.length,
  };
};
const links = async () =>
  Number((await life.world.rows<{ count: string }>('SELECT count(*) FROM link'))[0]?.count ?? 0);
const listings = () => life.world.rows('SELECT state FROM target_listing');

describe('an initial cycle', () => {
  it('asks for next to nothing where everybody is there already', async () => {
    await inDirectory();
    inTarget(names());
    const cycle = await life.run('initial');
    expect(cycle.counts).toMatchObject({ created: 0, failed: 0, updated: 0 });
    const sent = requests();
    expect(sent).toMatchObject({ lookUps: 0, creates: 0 });
    expect(sent.all / PEOPLE).toBeLessThanOrEqual(0.05);
    expect(await links()).toBe(PEOPLE);
    for (const table of ['target_listing', 'listed_resource', 'listed_value'])
      expect(await life.world.rows(`SELECT * FROM ${table}`)).toEqual([]);
  });

  it('sends one request for each account into an empty target, and hardly more', async () => {
    await inDirectory();
    expect(await life.run('initial')).toMatchObject({ counts: { created: PEOPLE, failed: 0 } });
    expect(requests().all / PEOPLE).toBeLessThanOrEqual(1.02);
  });

  it('looks up few objects one by one, and everybody in a large target that would cost more to list', async () => {
    await inDirectory(20);
    await life.run('initial');
    expect(requests()).toMatchObject({ lists: 0, lookUps: 20 });
    await life.reset();
    await inDirectory(60);
    inTarget(Array.from({ length: 4000 }, (_, n) => `other${String(n)}`));
    await life.run('initial');
    expect(requests()).toMatchObject({ lists: 1, lookUps: 60, creates: 60 });
  });

  it('takes over an account only after reading it where the listing leaves attributes out', async () => {
    life.target.moods.list = 'partial';
    await inDirectory(80);
    inTarget(names(40));
    const cycle = await life.run('initial');
    expect(cycle.counts).toMatchObject({ created: 40, updated: 0, failed: 0 });
    expect(requests()).toMatchObject({ lookUps: 3, reads: 41 });
  });

  it('escrows an object whose value several listed accounts have, as DuplicateTargetEntries', async () => {
    await inDirectory(60);
    inTarget(names(60));
    life.target.addUser('twin', 'u0007@contoso.com');
    expect(await life.run('initial')).toMatchObject({ counts: { failed: 1 } });
    expect(requests().lookUps).toBe(0);
    expect(await life.world.rows('SELECT source_id, code FROM escrow')).toEqual([
      { source_id: 'u0007', code: 'DuplicateTargetEntries' },
    ]);
  });

  it('finds the account that it made itself for another object with the same value', async () => {
    await life.world.save({
      objects: [...names(60).map((id) => person(id)), person('zz', { userPrincipalName: 'U0000@contoso.com' })],
    });
    const cycle = await life.run('initial');
    expect(cycle.counts).toMatchObject({ created: 60, failed: 1 });
    expect(await life.world.rows('SELECT source_id, code FROM escrow')).toMatchObject([{ source_id: 'zz' }]);
  });
});

describe('a listing that cannot be believed', () => {
  it.each(['ignores-index', 'refused', 'hides-some'] as const)('(%s) makes no second account', async (list) => {
    life.target.moods.list = list;
    life.target.moods.largestPage = 50;
    await inDirectory(120);
    inTarget(names(120));
    const cycle = await life.run('initial');
    expect(cycle.counts).toMatchObject({ created: 0, failed: 0 });
    expect(await links()).toBe(120);
    expect(life.target.users.size).toBe(120);
  });

  it('is not believed because it leaves out accounts that are linked', async () => {
    await inDirectory(10);
    await life.run('initial');
    life.target.moods.list = 'hides-some';
    await life.world.save({ objects: names(90).map((id) => person(id)) });
    inTarget(names(90).slice(10));
    requests();
    await life.run('initial');
    expect(requests()).toMatchObject({ lookUps: 80, creates: 0 });
  });

  it('is read to its end although its totals count only the page', async () => {
    life.target.moods.list = 'total-is-page';
    life.target.moods.largestPage = 30;
    await inDirectory(200);
    inTarget(names(200));
    expect(await life.run('initial')).toMatchObject({ counts: { created: 0, failed: 0 } });
    expect(requests()).toMatchObject({ lookUps: 0 });
  });

  it('is given up where its rows move while they are read', async () => {
    await inDirectory(250);
    inTarget(names(250));
    const first = [...life.target.users.keys()][0] ?? '';
    const shifting: Deps = {
      ...life.deps,
      listings: {
        ...life.deps.listings,
        savePage: (listing, entries) => {
          if (entries.length > 0) life.target.users.delete(first);
          return life.deps.listings.savePage(listing, entries);
        },
      },
    };
    const cycle = await life.run('initial', shifting);
    expect(cycle.counts).toMatchObject({ created: 1, failed: 0 });
    expect(requests().lookUps).toBe(250);
  });
});

describe('a listing', () => {
  it('goes on after a crash where it stood, and is shared by all pages', async () => {
    await inDirectory();
    inTarget(names());
    let saved = 0;
    const dying: Deps = {
      ...life.deps,
      listings: {
        ...life.deps.listings,
        savePage: (listing, entries) => {
          saved += 1;
          return saved === 4 ? Promise.reject(new Error('killed')) : life.deps.listings.savePage(listing, entries);
        },
      },
    };
    const begun = await life.world.begin('initial');
    await expect(life.work(begun, 'users', dying)).rejects.toThrow('killed');
    const before = requests().lists;
    await life.work(begun, 'users');
    expect(before + requests().lists).toBeLessThanOrEqual(7);
    expect(await listings()).toEqual([{ state: 'complete' }]);
    expect((await life.finish(begun)).counts).toMatchObject({ created: 0, failed: 0 });
    expect(await listings()).toEqual([]);
  });

  it('is read once by pages that need it at the same time', async () => {
    await inDirectory();
    inTarget(names());
    const begun = await life.world.begin('initial');
    await Promise.all([life.work(begun, 'users'), life.work(begun, 'users')]);
    expect(requests().lists).toBe(6);
    await life.finish(begun);
  });
});
