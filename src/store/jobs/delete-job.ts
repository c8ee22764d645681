// Forgetting: all or part of what Provisor knows of a job. No target is touched (invariant 9).
// The provisioning log stays: it tells what was done, also after the job is gone.
import { memberSubject } from '../../rules/model/records.ts';
import type { Forgettable } from '../../rules/model/records.ts';
import type { Tx } from '../database.ts';
import { dropListings } from '../listings/listing-store.ts';

export async function deleteJob(tx: Tx, jobId: string): Promise<void> {
  const where = { jobId };
  await tx.$executeRaw`DELETE FROM page USING cycle WHERE cycle.id = page.cycle_id AND cycle.job_id = ${jobId}`;
  await tx.cycle.updateMany({ where: { ...where, endedAt: null }, data: { endedAt: new Date() } });
  await dropListings(tx, jobId);
  await tx.cycle.deleteMany({ where });
  await tx.intent.deleteMany({ where });
  await tx.uniqueValue.deleteMany({ where });
  await forgetLinks(tx, jobId);
  await tx.formerLink.deleteMany({ where });
  await tx.escrow.deleteMany({ where });
  await tx.heldDeletion.deleteMany({ where });
  await tx.revisit.deleteMany({ where });
  await tx.stagedDeletion.deleteMany({ where });
  await tx.deprovisioning.deleteMany({ where });
  await tx.jobSchema.deleteMany({ where });
  await tx.job.deleteMany({ where: { id: jobId } });
}

/** What a restart forgets. No deprovisioning that was due is lost with it. */
export async function forget(tx: Tx, jobId: string, what: Forgettable): Promise<void> {
  switch (what) {
    case 'links':
      await tx.$executeRaw`
        INSERT INTO former_link (job_id, source_id, type, state) SELECT job_id, source_id, type, state FROM link WHERE job_id = ${jobId}
        ON CONFLICT DO NOTHING`;
      return forgetLinks(tx, jobId);
    case 'escrows':
      return forgetEscrows(tx, jobId);
  }
}

/** Links take the members written for them, and the references that wait or failed because of them, along. */
async function forgetLinks(tx: Tx, jobId: string): Promise<void> {
  const where = { jobId };
  await tx.linkMember.deleteMany({ where });
  await tx.referenceWriter.deleteMany({ where });
  await tx.escrow.deleteMany({ where: { jobId, subject: { startsWith: memberSubject('') } } });
  await tx.pendingReference.deleteMany({ where });
  await tx.link.deleteMany({ where });
}

/** Who was to be disabled or deleted is due at once instead, and references that failed are compared anew. */
async function forgetEscrows(tx: Tx, jobId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE link SET references_due = true
    WHERE job_id = ${jobId} AND NOT references_due
      AND source_id IN (SELECT source_id FROM escrow WHERE job_id = ${jobId} AND subject <> 'object')`;
  await tx.$executeRaw`DELETE FROM escrow WHERE job_id = ${jobId} AND action NOT IN ('disable', 'delete')`;
  await tx.$executeRaw`
    UPDATE escrow SET attempts = 0, next_retry = to_timestamp(0), state = 'retrying' WHERE job_id = ${jobId}`;
}
