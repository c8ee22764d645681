// Ends what a job is running. Workers notice at the next page boundary; a page under way is still recorded.
import { unfinishedStates } from '../../rules/model/job.ts';
import type { Cycle } from '../../rules/model/job.ts';
import type { UseCaseDeps } from './deps.ts';

/** The job's queued or running cycle; there is never more than one. */
export async function unfinishedCycle(deps: UseCaseDeps, jobId: string): Promise<Cycle | null> {
  const [newest] = await deps.cycles.list(jobId, 1);
  return newest !== undefined && unfinishedStates.includes(newest.state) ? newest : null;
}

export async function stopUnfinished(deps: UseCaseDeps, jobId: string): Promise<void> {
  const cycle = await unfinishedCycle(deps, jobId);
  if (cycle === null) return;
  await deps.cycles.end(cycle.id, { state: 'stopped', at: deps.clock.now(), error: null });
}
