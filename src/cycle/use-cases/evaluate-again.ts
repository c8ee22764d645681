// Another scope changes the verdict on objects that did not change: the job looks at all of them again.
import type { Job } from '../../rules/model/job.ts';
import type { UseCaseDeps } from './deps.ts';
import { stopUnfinished } from './stop-cycle.ts';

/** A running cycle would finish by the old scope and move the watermark past what the new one changes: it ends first. */
export async function evaluateAgain(deps: UseCaseDeps, { id }: Job): Promise<Job> {
  await stopUnfinished(deps, id);
  const job = await deps.jobs.update(id, { watermark: null });
  // One that began between these two calls began at the old watermark.
  await stopUnfinished(deps, id);
  return job;
}
