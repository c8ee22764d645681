// The schedule of jobs: what the queue's timers fire, and that every active job has one.
import { runCycle } from './cycles.ts';
import type { UseCaseDeps } from './deps.ts';

/** Every active job is scheduled; its next cycle counts from the start of the last one. */
export async function scheduleJobs(deps: UseCaseDeps): Promise<void> {
  for (const job of await deps.jobs.list()) {
    if (job.scheduleState !== 'Active') continue;
    const [last] = await deps.cycles.list(job.id, 1);
    const due = last === undefined ? deps.clock.now().getTime() : last.queuedAt.getTime() + job.intervalSeconds * 1000;
    await deps.queue.schedule(job.id, job.intervalSeconds, new Date(Math.max(due, deps.clock.now().getTime())));
  }
}

/** Starts the cycle of a job whose time has come; none is started over a running one, nor before a quarantine's next attempt. */
export async function runDueCycle(deps: UseCaseDeps, jobId: string): Promise<void> {
  const job = await deps.jobs.get(jobId);
  if (job === null) return deps.queue.unschedule(jobId);
  if (job.scheduleState !== 'Active') return;
  if (job.quarantine !== null && job.quarantine.nextAttempt > deps.clock.now()) return;
  await runCycle(deps, job, { type: 'incremental', dryRun: false, trigger: 'schedule', actor: 'scheduler' });
}
