// The schedule of jobs: what the queue's timers fire, and that every active job has one.
import type { Job } from '../../rules/model/job.ts';
import { runCycle } from './cycles.ts';
import { isIll } from '../../rules/safety/quarantine.ts';
import type { UseCaseDeps } from './deps.ts';

/** Every active job is scheduled; its next cycle counts from the start of the last one. */
export async function scheduleJobs(deps: UseCaseDeps): Promise<void> {
  for (const job of await activeJobs(deps)) {
    const due = Math.max(await dueAt(deps, job), deps.clock.now().getTime());
    await deps.queue.schedule(job.id, job.intervalSeconds, new Date(due));
  }
}

/** A timer that fires is never this late: it was lost with the queue. */
const LOST_AFTER_MS = 60_000;

/** Schedules jobs again whose timer was lost. A job in quarantine waits for its next attempt. */
export async function rescheduleOverdue(deps: UseCaseDeps): Promise<void> {
  const now = deps.clock.now();
  for (const job of await activeJobs(deps)) {
    if (waits(job, now) || (await dueAt(deps, job)) + LOST_AFTER_MS > now.getTime()) continue;
    const [last] = await deps.cycles.list(job.id, 1);
    if (last?.endedAt !== null) await deps.queue.schedule(job.id, job.intervalSeconds, now);
  }
}

/** A job in quarantine waits for its next attempt. */
const waits = ({ quarantine }: Job, now: Date): boolean =>
  quarantine !== null && isIll(quarantine) && quarantine.nextAttempt > now;

const activeJobs = async (deps: UseCaseDeps): Promise<readonly Job[]> =>
  (await deps.jobs.list()).filter(({ scheduleState }) => scheduleState === 'Active');

/** Start to start, in milliseconds since the epoch; a what-if is no cycle of the schedule. */
export async function dueAt(deps: UseCaseDeps, job: Job): Promise<number> {
  if (job.quarantine !== null && isIll(job.quarantine)) return job.quarantine.nextAttempt.getTime();
  const last = (await deps.cycles.list(job.id, 10)).find(({ dryRun }) => !dryRun);
  return last === undefined ? job.createdAt.getTime() : last.queuedAt.getTime() + job.intervalSeconds * 1000;
}

/** Starts the cycle of a job whose time has come; none is started over a running one, nor before a quarantine's next attempt. */
export async function runDueCycle(deps: UseCaseDeps, jobId: string): Promise<void> {
  const job = await deps.jobs.get(jobId);
  if (job === null) return deps.queue.unschedule(jobId);
  if (job.scheduleState !== 'Active') return;
  if (waits(job, deps.clock.now())) return;
  await runCycle(deps, job, { type: 'incremental', dryRun: false, trigger: 'schedule', actor: 'scheduler' });
}
