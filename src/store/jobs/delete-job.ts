// Forgetting: all or part of what Provisor knows of a job. No target is touched (invariant 9).
// The provisioning log stays: it tells what was done, also after the job is gone.
import { memberSubject } from '../../rules/model/records.ts';
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
  await forget(tx, jobId, 'links');
  await forget(tx, jobId, 'escrows');
  await forget(tx, jobId, 'held');
  await tx.jobSchema.deleteMany({ where });
  await tx.job.deleteMany({ where: { id: jobId } });
}

/** Links take the members written for them, and the references that wait or failed because of them, along. */
export async function forget(tx: Tx, jobId: string, what: 'links' | 'escrows' | 'held'): Promise<void> {
  const where = { jobId };
  switch (what) {
    case 'links':
      await tx.linkMember.deleteMany({ where });
      await tx.referenceWriter.deleteMany({ where });
      await tx.escrow.deleteMany({ where: { jobId, subject: { startsWith: memberSubject('') } } });
      await tx.pendingReference.deleteMany({ where });
      await tx.link.deleteMany({ where });
      return;
    case 'escrows':
      await tx.escrow.deleteMany({ where });
      return;
    case 'held':
      await tx.heldDeletion.deleteMany({ where });
      return;
  }
}
