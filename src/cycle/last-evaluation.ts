// The cycle that the watermark of a job comes from: what it did not look at is as the one before it left it.
import type { Cycle } from '../rules/model/job.ts';
import type { Deps } from './ports.ts';

/** Undefined when it is not among the latest cycles of the job. */
export async function lastEvaluation({ cycles }: Pick<Deps, 'cycles'>, jobId: string): Promise<Cycle | undefined> {
  const recent = await cycles.list(jobId, 50);
  return recent.find(({ dryRun, state }) => !dryRun && (state === 'succeeded' || state === 'entryLevelErrors'));
}
