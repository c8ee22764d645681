// Members batch by batch: noted as unsure before a request goes out, and as they stand once it was answered, each in a
// transaction of its own. A crash leaves at most one batch unsure.
import { memberSubject } from '../../rules/model/records.ts';
import type { MemberBatch, MemberChange, MemberRecord, MemberRecorded } from '../../rules/model/records.ts';
import { mayHaveHadEffect } from '../../rules/model/errors.ts';
import { addToCounts } from '../cycles/counts.ts';
import { json } from '../database.ts';
import type { Tx } from '../database.ts';
import { noteLostMembers } from './member-losses.ts';
import { recordFailures, releaseEscrows } from './record-escrows.ts';
import { holdsReferences } from './reference-writers.ts';

/** Intent before effect (invariant 6). `false` when the group is another run's now: nothing may be sent. */
export async function markMembers(tx: Tx, batch: MemberBatch): Promise<boolean> {
  const { jobId, groupId, writer, changes } = batch;
  if (!(await holdsReferences(tx, jobId, groupId, writer))) return false;
  await tx.$executeRaw`
    INSERT INTO link_member (job_id, group_id, member_id, target_id, unsure)
    SELECT ${jobId}, ${groupId}, r."sourceId", r."targetId", true
    FROM jsonb_to_recordset(${json(changes)}::jsonb) AS r("sourceId" text, "targetId" text)
    ON CONFLICT (job_id, group_id, member_id) DO UPDATE SET target_id = excluded.target_id, unsure = true`;
  return true;
}

/** The cycle's row first, as everything does that changes both. */
export async function recordMembers(tx: Tx, record: MemberRecord): Promise<MemberRecorded> {
  const { jobId, cycleId, groupId, kind, done, refused } = record;
  const [cycle] = await tx.$queryRaw<{ ended: boolean; tenantId: string }[]>`
    SELECT c.ended_at IS NOT NULL AS ended, j.tenant_id AS "tenantId" FROM cycle c JOIN job j ON j.id = c.job_id
    WHERE c.id = ${cycleId} FOR UPDATE OF c`;
  if (cycle === undefined || !(await holdsReferences(tx, jobId, groupId, record.writer))) return 'lost';
  await addToCounts(tx, cycleId, { [kind === 'add' ? 'membersAdded' : 'membersRemoved']: done.length });
  if (kind === 'add') await saveWritten(tx, record, done);
  else {
    await forgetWritten(tx, record, done);
    await noteLostMembers(tx, record, done.length, record.at);
  }
  await takeBack(tx, record);
  await releaseEscrows(
    tx,
    jobId,
    done.map((change) => ({ sourceId: groupId, subject: memberSubject(change.sourceId) })),
  );
  await recordFailures(
    tx,
    { jobId, tenantId: cycle.tenantId, at: record.at, nextRetry: record.nextRetry },
    refused.map(({ change, error }) => ({
      sourceId: groupId,
      subject: memberSubject(change.sourceId),
      action: 'update',
      error,
    })),
  );
  return cycle.ended ? 'ended' : 'recorded';
}

async function saveWritten(tx: Tx, { jobId, groupId }: MemberBatch, changes: readonly MemberChange[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE link_member SET unsure = false
    WHERE job_id = ${jobId} AND group_id = ${groupId} AND member_id = ANY(${idsOf(changes)}::text[])`;
}

async function forgetWritten(tx: Tx, { jobId, groupId }: MemberBatch, changes: readonly MemberChange[]): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM link_member
    WHERE job_id = ${jobId} AND group_id = ${groupId} AND member_id = ANY(${idsOf(changes)}::text[])`;
}

/** What was certainly not written stands as it stood before, unless that was unsure too. */
async function takeBack(tx: Tx, record: MemberRecord): Promise<void> {
  const certain = record.refused.filter(({ error }) => !mayHaveHadEffect(error)).map(({ change }) => change);
  const before = [...certain, ...record.untouched].filter(({ unsure }) => !unsure);
  if (before.length === 0) return;
  if (record.kind === 'add') await forgetWritten(tx, record, before);
  else await saveWritten(tx, record, before);
}

const idsOf = (changes: readonly MemberChange[]): string[] => changes.map(({ sourceId }) => sourceId);

/**
 * Notes members that the target shows, as far as they are linked: those not noted yet, and those that were unsure. Who is
 * not shown proves nothing. A target may give a user and a group the same id: then the user is meant.
 */
export async function noteMembers(tx: Tx, jobId: string, groupId: string, targetIds: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO link_member (job_id, group_id, member_id, target_id, unsure)
    SELECT DISTINCT ON (target_id) job_id, ${groupId}, source_id, target_id, false FROM link
    WHERE job_id = ${jobId} AND target_id = ANY(${[...targetIds]}::text[]) AND type IN ('User', 'Group')
      AND source_id <> ${groupId}
    ORDER BY target_id, type DESC
    ON CONFLICT (job_id, group_id, member_id) DO UPDATE SET unsure = false`;
}

/** The members that an adopted group had are noted now, as far as the target showed them. */
export async function membersWereRead(tx: Tx, jobId: string, groupId: string): Promise<void> {
  await tx.$executeRaw`UPDATE link SET members_read = true WHERE job_id = ${jobId} AND source_id = ${groupId}`;
}

/** An application may have dropped the memberships of an account while it was disabled: they are looked at again. */
export async function doubtMemberships(tx: Tx, jobId: string, memberIds: readonly string[]): Promise<void> {
  if (memberIds.length === 0) return;
  await tx.$executeRaw`
    WITH doubted AS (
      UPDATE link_member SET unsure = true WHERE job_id = ${jobId} AND member_id = ANY(${[...memberIds]}::text[])
      RETURNING group_id)
    UPDATE link SET references_due = true
    WHERE job_id = ${jobId} AND source_id IN (SELECT group_id FROM doubted) AND NOT references_due`;
}
