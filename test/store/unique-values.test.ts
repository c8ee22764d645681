// Values reserved for new accounts: one holder at a time, over pages, processes and crashes.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from '../../src/rules/model/job.ts';
import type { UniqueClaim } from '../../src/rules/model/records.ts';
import { create, created, jobId, openWorld, user } from './world.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const claim = (sourceId: string, value: string): UniqueClaim => ({ path: 'username', value, sourceId });
const reserve = async (page: Page, ...claims: readonly UniqueClaim[]): Promise<readonly string[]> =>
  (await world.store.provisioning.reserveValues(page, jobId, claims)).map((one) => `${one.sourceId}=${one.value}`);

async function pageOf(...ids: readonly string[]) {
  await world.save({ objects: ids.map((id) => user(id)) });
  const cycle = await world.begin('initial');
  const page = await world.page(cycle, 'users');
  return { cycle, page };
}

/** A second page of the same cycle. */
async function secondPage(page: Page): Promise<Page> {
  const other: Page = { ...page, id: `${page.id}-2`, seq: 99 };
  await world.rows(
    'INSERT INTO page (id, cycle_id, phase, seq, object_ids) SELECT $2, cycle_id, phase, 99, object_ids FROM page WHERE id = $1',
    [page.id, other.id],
  );
  return other;
}

describe('a reserved value', () => {
  it('has one holder when several pages want it at once', async () => {
    const { page } = await pageOf('a', 'b', 'c', 'd');
    const other = await secondPage(page);
    const values = Array.from({ length: 20 }, (_, i) => `v${String(i)}`);
    const wanted = (id: string) => values.map((value) => claim(id, value));
    const granted = await Promise.all([
      reserve(page, ...wanted('a')),
      reserve(other, ...wanted('b').toReversed()),
      reserve(page, ...wanted('c')),
      reserve(other, ...wanted('d').toReversed()),
    ]);
    const held = granted.flat().map((text) => text.split('=')[1]);
    expect(held.toSorted()).toEqual(values.toSorted());
  });

  it('is given again to its holder, and to nobody else while his page may still run', async () => {
    const { page } = await pageOf('a', 'b');
    const other = await secondPage(page);
    expect(await reserve(page, claim('a', 'x'))).toEqual(['a=x']);
    expect(await reserve(other, claim('b', 'x'))).toEqual([]);
    expect(await reserve(page, claim('a', 'x'))).toEqual(['a=x']);
  });

  it('that a crash left behind is free once its cycle has ended, unless the account may have been made', async () => {
    const { cycle, page } = await pageOf('a', 'b');
    await reserve(page, claim('a', 'x'), claim('b', 'y'));
    await world.store.provisioning.intend(page, jobId, [create('b')]);
    await world.finish(cycle);
    const next = await pageOf('c', 'd');
    expect(await reserve(next.page, claim('c', 'x'), claim('d', 'y'))).toEqual(['c=x']);
    expect(await reserve(next.page, claim('b', 'y'))).toEqual(['b=y']);
  });

  it('is freed when the creation is recorded or failed, and kept while its answer is lost', async () => {
    const { page } = await pageOf('a', 'b', 'c');
    await reserve(page, claim('a', 'x'), claim('b', 'y'), claim('c', 'z'));
    await world.store.provisioning.intend(page, jobId, [create('a'), create('b'), create('c')]);
    await world.record(page, [
      created('a'),
      { kind: 'failed', action: create('b'), error: { code: 'BadRequest', message: 'no' } },
      { kind: 'failed', action: create('c'), error: { code: 'Timeout', message: 'no answer' } },
    ]);
    expect(await world.rows('SELECT source_id FROM unique_value ORDER BY 1')).toEqual([{ source_id: 'c' }]);
  });

  it('goes with the job', async () => {
    const { page } = await pageOf('a');
    await reserve(page, claim('a', 'x'));
    await world.store.jobs.delete(jobId);
    expect(await world.rows('SELECT 1 FROM unique_value')).toEqual([]);
  });
});
