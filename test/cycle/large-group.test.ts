// A group of 50,000 members: what is sent for it, and what a process needs that writes it.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { jobId, secretKey, tenantId } from '../store/world.ts';
import { openCycleWorld, team } from './world.ts';
import type { CycleWorld } from './world.ts';

const MEMBERS = 50_000;
const MEGABYTE = 1024;
let life: CycleWorld;
beforeAll(async () => {
  life = await openCycleWorld();
});
afterAll(() => life.close());

/** Works at the references of a new cycle in a process of its own; answers its memory in kilobytes. */
async function references(): Promise<{ readonly idle: number; readonly peak: number }> {
  const { world } = life;
  const cycle = await world.begin('incremental');
  const pages = await world.store.cycles.cutPages(cycle.id, 'references');
  // The loader alone takes 190 MB here; with a heap that grows in small steps the peak says what is live, not what waits
  // to be collected.
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--heap-growing-percent=20',
    '--import',
    'tsx',
    'test/cycle/page-user.ts',
    world.url,
    secretKey.toString('hex'),
    ...pages,
  ]);
  expect(await life.finish(cycle)).toMatchObject({ counts: { failed: 0 } });
  return JSON.parse(stdout) as { idle: number; peak: number };
}

/** People with accounts, as cycles before have left them. */
async function provisionedPeople(count: number): Promise<void> {
  await life.world.rows(
    `INSERT INTO directory_object (tenant_id, id, type, presence, attributes, generation, version)
     SELECT '${tenantId}', 'u' || n, 'User', 'live', '{}', 1, 1 FROM generate_series(1, ${String(count)}) AS n`,
  );
  await life.world.rows(
    `INSERT INTO link (job_id, source_id, type, target_id, display_name, known, state, cycle_id, members_read, references_due)
     SELECT '${jobId}', 'u' || n, 'User', gen_random_uuid(), 'u' || n, '{}', 'active', '', true, false
     FROM generate_series(1, ${String(count)}) AS n`,
  );
}
const membership = (from: number, to: number, present: boolean) =>
  life.world.rows(
    `INSERT INTO directory_membership (tenant_id, group_id, member_id, member_type, present, generation, version)
   SELECT '${tenantId}', 'g', 'u' || n, 'User', ${String(present)}, 1, (SELECT version + 1 FROM directory_tenant)
   FROM generate_series(${String(from)}, ${String(to)}) AS n
   ON CONFLICT (tenant_id, group_id, member_id) DO UPDATE SET present = excluded.present, version = excluded.version`,
  );
const newVersion = () => life.world.rows('UPDATE directory_tenant SET version = version + 1');

it('is written in batches, then changed in two requests, by a process that stays small', async () => {
  await life.world.save({ objects: [team('g')] });
  await life.run('initial');
  await provisionedPeople(MEMBERS + 10);
  await membership(1, MEMBERS, true);
  await newVersion();
  life.target.patches();

  const first = await references();
  expect(life.target.patches()).toEqual(Array.from({ length: MEMBERS / 100 }, () => '+100'));
  const [members] = life.target.members.values();
  expect(members?.size).toBe(MEMBERS);
  expect(first.peak).toBeLessThan(300 * MEGABYTE);
  expect(first.peak - first.idle).toBeLessThan(150 * MEGABYTE);

  await membership(1, 10, false);
  await membership(MEMBERS + 1, MEMBERS + 10, true);
  await newVersion();
  const second = await references();
  expect(life.target.patches()).toEqual(['-10', '+10']);
  expect(second.peak).toBeLessThan(300 * MEGABYTE);

  await references();
  expect(life.target.patches()).toEqual([]);
}, 300_000);
