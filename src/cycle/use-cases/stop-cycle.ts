// The job's running cycle, and its end by an operator. What is under way for it ends and is recorded; nothing new begins.
import { unfinishedStates } from '../../rules/model/job.ts';
import type { Cycle } from '../../rules/model/job.ts';
import type { UseCaseDeps } from './deps.ts';

/** The job's queued or running cycle; there is never more than one. */
export async function unfinishedCycle(deps: UseCaseDeps, jobId: string): Promise<Cycle | null> {
  const [newest] = await deps.cycles.list(jobId, 1);
  return newest !== undefined && unfinishedStates.includes(newest.state) ? newest : null;
}

/** Nothing goes on with it, nor with one that a pause stopped before. */
export const stopUnfinished = (deps: UseCaseDeps, jobId: string): Promise<void> =>
  deps.cycles.stop(jobId, { at: deps.clock.now(), toGoOn: false });
