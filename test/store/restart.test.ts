// What a restart clears and what it keeps, in the tables: the criteria of Graph, one by one and together.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { restartJob } from '../../src/cycle/use-cases/job-life-cycle.ts';
import { readRestartScope } from '../../src/cycle/use-cases/restart-scope.ts';
import type { Quarantine } from '../../src/rules/model/job.ts';
import { fakeWorld } from '../support/fake-deps.ts';
import { group, jobId, openWorld, user } from './world.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const quarantine = (reason: Quarantine['reason']): Quarantine => ({
  reason,
  currentBegan: new Date(0),
  nextAttempt: new Date(0),
  seriesBegan: new Date(0),
  seriesCount: 2,
  error: null,
});
const later = "now() + interval '1 day'";

/** A job with something of everything that it can remember. */
beforeEach(async () => {
  await world.reset();
  await world.save({ objects: [user('u'), user('gone'), user('new'), group('g')] });
  await world.link(user('u'), user('gone'), group('g'));
  await world.rows(
    `UPDATE link SET references_due = false, state = CASE source_id WHEN 'gone' THEN 'disabled' ELSE state END`,
  );
  await world.rows(`INSERT INTO link_member (job_id, group_id, member_id, target_id) VALUES ($1, 'g', 'u', 't-u')`, [
    jobId,
  ]);
  await world.rows(`INSERT INTO intent (job_id, source_id, page_id, action) VALUES ($1, 'new', 'p', 'create')`, [
    jobId,
  ]);
  await world.rows(
    `INSERT INTO held_deletion (job_id, source_id, type, action, because, display_name, target_id, cycle_id)
     VALUES ($1, 'u', 'User', 'disable', 'not-assigned', 'u', 't-u', 'c')`,
    [jobId],
  );
  for (const [id, subject, action] of [
    ['new', 'object', 'create'],
    ['u', 'object', 'disable'],
    ['gone', 'object', 'delete'],
    ['g', 'members/u', 'update'],
  ])
    await world.rows(
      `INSERT INTO escrow (job_id, source_id, type, subject, action, error, code, first_failed, last_failed, attempts, next_retry)
       VALUES ($1, $2, 'User', $3, $4, '{}', 'BadRequest', now(), now(), 5, ${later})`,
      [jobId, id, subject, action],
    );
  await world.store.jobs.update(jobId, {
    scheduleState: 'Active',
    watermark: 7,
    quarantine: quarantine('Unknown'),
    successiveFailures: 2,
  });
});

interface Memory {
  readonly watermark: number | null;
  readonly quarantine: string | null;
  readonly approved: number;
  readonly links: readonly string[];
  readonly formerLinks: readonly string[];
  readonly members: number;
  readonly referencesDue: readonly string[];
  readonly escrows: readonly string[];
  readonly due: number;
  readonly held: number;
  readonly intents: number;
}
const untouched: Memory = {
  watermark: 7,
  quarantine: 'Unknown',
  approved: 0,
  links: ['g', 'gone', 'u'],
  formerLinks: [],
  members: 1,
  referencesDue: [],
  escrows: ['g members/u', 'gone object', 'new object', 'u object'],
  due: 0,
  held: 1,
  intents: 1,
};
const watermark = { watermark: null } as const;
const escrows = { escrows: ['gone object', 'u object'], due: 2, referencesDue: ['g'] } as const;
const lifted = { quarantine: null } as const;
const links = {
  ...watermark,
  links: [],
  formerLinks: ['g', 'gone', 'u'],
  members: 0,
  escrows: ['gone object', 'new object', 'u object'],
} as const;
const full = { ...links, ...lifted, escrows: escrows.escrows, due: 2 };

async function memory(): Promise<Memory> {
  const names = async (sql: string) => (await world.rows<{ name: string }>(sql)).map(({ name }) => name);
  const count = async (table: string) => (await world.rows(`SELECT 1 FROM ${table}`)).length;
  const job = await world.store.jobs.get(jobId);
  return {
    watermark: job?.watermark ?? null,
    quarantine: job?.quarantine?.reason ?? null,
    approved: await count("held_deletion WHERE decision = 'approved'"),
    links: await names('SELECT source_id AS name FROM link ORDER BY 1'),
    formerLinks: await names('SELECT source_id AS name FROM former_link ORDER BY 1'),
    members: await count('link_member'),
    referencesDue: await names('SELECT source_id AS name FROM link WHERE references_due ORDER BY 1'),
    escrows: await names(`SELECT source_id || ' ' || subject AS name FROM escrow ORDER BY 1`),
    due: await count('escrow WHERE next_retry <= now() AND attempts = 0'),
    held: await count('held_deletion'),
    intents: await count('intent'),
  };
}

async function restart(resetScope: unknown): Promise<void> {
  const { deps } = fakeWorld();
  const job = await world.store.jobs.get(jobId);
  if (job === null) throw new Error('the job is gone');
  await restartJob(
    { ...deps, jobs: world.store.jobs, held: world.store.held },
    job,
    readRestartScope(resetScope),
    'somebody',
  );
}

describe('a restart', () => {
  it.each<[unknown, Partial<Memory>]>([
    ['None', lifted],
    ['Watermark', watermark],
    ['Escrows', escrows],
    ['QuarantineState', lifted],
    ['ConnectorDataStore', links],
    ['ForceDeletes', { approved: 1 }],
    ['Full', full],
    [15, full],
    [undefined, { ...watermark, ...escrows, ...lifted }],
    ['', { ...watermark, ...escrows, ...lifted }],
    ['Watermark, Escrows', { ...watermark, ...escrows }],
    ['QuarantineState,ForceDeletes', { ...lifted, approved: 1 }],
    ['Full,ForceDeletes', { ...full, approved: 1 }],
    ['ConnectorDataStore,Escrows', { ...links, escrows: escrows.escrows, due: 2 }],
  ])('with %j clears what it says, keeps the rest, and starts the job', async (scope, cleared) => {
    expect(await memory()).toEqual(untouched);
    await restart(scope);
    expect(await memory()).toEqual({ ...untouched, ...cleared });
    expect((await world.store.jobs.get(jobId))?.scheduleState).toBe('Active');
  });

  it('with ForceDeletes lifts the quarantine that holds the deletions, and no other', async () => {
    await world.store.jobs.update(jobId, { quarantine: quarantine('TooManyDeletes') });
    await restart('ForceDeletes');
    expect(await memory()).toEqual({ ...untouched, quarantine: null, approved: 1 });
  });
});
