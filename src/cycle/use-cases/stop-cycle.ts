// The job's running cycle, and its end by an operator. What is under way for it ends and is recorded; nothing new begins.
import type { UseCaseDeps } from './deps.ts';

/** Nothing goes on with it, nor with one that a pause stopped before. */
export const stopUnfinished = (deps: UseCaseDeps, jobId: string): Promise<void> =>
  deps.cycles.stop(jobId, { at: deps.clock.now(), toGoOn: false });
