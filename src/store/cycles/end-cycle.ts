// The end of a cycle, in one transaction with what it means for its job.
import type { CycleError, CycleState } from '../../rules/model/job.ts';
import type { JobEvent } from '../../rules/model/job-events.ts';
import type { JobPatch } from '../../rules/model/records.ts';
import { updateJob } from '../jobs/job-store.ts';
import { jsonValue } from '../database.ts';
import type { Tx } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { dropListings } from '../listings/listing-store.ts';

export interface End {
  readonly state: CycleState;
  readonly at: Date;
  readonly error: CycleError | null;
  readonly watermark?: number;
  readonly escrowed?: number;
  readonly job?: { readonly patch: JobPatch; readonly events: readonly JobEvent[] };
}

/** `false` when it had ended already. */
export async function endCycle(tx: Tx, id: string, end: End): Promise<boolean> {
  const { state, at, error, watermark, escrowed, job } = end;
  const [row] = await tx.cycle.updateManyAndReturn({
    where: { id, endedAt: null },
    data: {
      state,
      endedAt: at,
      error: error === null ? Prisma.DbNull : jsonValue(error),
      ...(escrowed === undefined ? {} : { escrowed }),
    },
  });
  if (row === undefined) return false;
  if (watermark !== undefined) await tx.job.updateMany({ where: { id: row.jobId }, data: { watermark } });
  if (job !== undefined) await updateJob(tx, row.jobId, job.patch, job.events);
  if (!row.suspended && row.trigger !== 'onDemand')
    await tx.cycle.updateMany({ where: { jobId: row.jobId, suspended: true }, data: { suspended: false } });
  await dropPages(tx, row.jobId, id);
  await dropListings(tx, row.jobId);
  if (row.dryRun) await tx.stagedDeletion.deleteMany({ where: { cycleId: id } });
  return true;
}

/**
 * Recorded pages have served; those in flight stay until they are recorded, or until a later cycle of the job ends and
 * nobody has them in hand: what they wrote to the target must not be forgotten. All pages of a cycle that goes on stay.
 */
const dropPages = (tx: Tx, jobId: string, id: string): Promise<number> => tx.$executeRaw`
  DELETE FROM page p USING cycle c
  WHERE c.id = p.cycle_id AND c.job_id = ${jobId} AND c.ended_at IS NOT NULL AND NOT c.suspended
    AND (p.done OR (c.id <> ${id} AND (p.held_until IS NULL OR p.held_until <= now())))`;
