import { beforeEach, describe, expect, it } from 'vitest';
import { createJob } from '../../../src/cycle/use-cases/jobs.ts';
import { rescheduleOverdue, runDueCycle, scheduleJobs } from '../../../src/cycle/use-cases/schedule.ts';
import type { Job, Quarantine } from '../../../src/rules/model/job.ts';
import { cycleOf, fakeWorld, SP } from '../../support/fake-deps.ts';
import type { FakeWorld } from '../../support/fake-deps.ts';

/** The clock of the fake world stands at 19:00. */
const at = (time: string): Date => new Date(`2026-05-18T${time}:00.000Z`);
const quarantineUntil = (nextAttempt: Date): Quarantine => ({
  reason: 'EncounteredQuarantineException',
  currentBegan: at('17:00'),
  nextAttempt,
  seriesBegan: at('17:00'),
  seriesCount: 1,
  error: null,
});

let world: FakeWorld;
let job: Job;
beforeEach(async () => {
  world = fakeWorld();
  job = await createJob(world.deps, { servicePrincipalId: SP.id, templateId: 'scim', actor: 'somebody' });
  change({ scheduleState: 'Active', intervalSeconds: 2400 });
});
const change = (patch: Partial<Job>): void =>
  void world.jobs.set(job.id, { ...(world.jobs.get(job.id) ?? job), ...patch });
const ran = (queued: Date, ended: Date | null = queued): void =>
  void world.cycles.push(
    cycleOf(job.id, { queuedAt: queued, endedAt: ended, state: ended === null ? 'running' : 'succeeded' }),
  );

describe('the schedule', () => {
  it('counts the interval from the start of the last cycle, and a missed one is due at once', async () => {
    ran(at('18:50'));
    await scheduleJobs(world.deps);
    ran(at('18:55'));
    change({ intervalSeconds: 60 });
    await scheduleJobs(world.deps);
    expect(world.queued).toEqual([
      `schedule ${job.id} 2400 ${at('19:30').toISOString()}`,
      `schedule ${job.id} 60 ${at('19:00').toISOString()}`,
    ]);
  });

  it('leaves jobs that are not active alone', async () => {
    change({ scheduleState: 'Paused' });
    await scheduleJobs(world.deps);
    await rescheduleOverdue(world.deps);
    expect(world.queued).toEqual([]);
  });

  it('schedules a job again whose timer was lost, but none that runs, waits in quarantine, or is not late', async () => {
    ran(at('18:50'));
    await rescheduleOverdue(world.deps);
    world.cycles.length = 0;
    ran(at('17:00'), null);
    await rescheduleOverdue(world.deps);
    world.cycles.length = 0;
    ran(at('17:00'));
    change({ quarantine: quarantineUntil(at('20:00')) });
    await rescheduleOverdue(world.deps);
    expect(world.queued).toEqual([]);
    change({ quarantine: null });
    await rescheduleOverdue(world.deps);
    expect(world.queued).toEqual([`schedule ${job.id} 2400 ${at('19:00').toISOString()}`]);
  });
});

describe('a cycle that is due', () => {
  it('is started, but never over a running one', async () => {
    await runDueCycle(world.deps, job.id);
    await runDueCycle(world.deps, job.id);
    expect(world.cycles).toHaveLength(1);
    expect(world.cycles[0]).toMatchObject({ type: 'initial', trigger: 'schedule' });
  });

  it('waits for the next attempt of a quarantine, and is none for a paused or deleted job', async () => {
    change({ quarantine: quarantineUntil(at('20:00')) });
    await runDueCycle(world.deps, job.id);
    change({ quarantine: null, scheduleState: 'Paused' });
    await runDueCycle(world.deps, job.id);
    world.jobs.delete(job.id);
    await runDueCycle(world.deps, job.id);
    expect(world.cycles).toEqual([]);
    expect(world.queued).toEqual([`unschedule ${job.id}`]);
  });
});
