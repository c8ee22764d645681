// What the deletion guard judges the removals of a group by, and what it holds of them.
import type { HeldDecision } from '../../rules/model/held.ts';
import type { Job } from '../../rules/model/job.ts';
import { MEMBERS } from '../../rules/model/records.ts';
import type { MemberRetry } from '../../rules/model/records.ts';
import type { ReferenceOutcome } from '../../rules/model/decisions.ts';
import type { MemberLosses } from '../../rules/safety/member-guard.ts';
import { json } from '../database.ts';
import type { Tx } from '../database.ts';
import { countMemberChanges } from './membership-diffs.ts';
import type { PageScope } from './record-links.ts';

const DAY_MS = 24 * 3_600_000;

/** A group that is to lose nobody is not counted further. */
export async function memberLosses(tx: Tx, job: Job, groupId: string, retry: MemberRetry): Promise<MemberLosses> {
  const { count: removals } = await countMemberChanges(tx, job, { groupId, kind: 'remove', retry });
  if (removals === 0) return { removals, members: 0, lastDay: 0, held: null };
  const where = { jobId: job.id, groupId };
  const [members, lost, held] = await Promise.all([
    tx.linkMember.count({ where }),
    tx.deprovisioning.aggregate({
      where: {
        jobId: job.id,
        kind: 'Member',
        sourceId: groupId,
        approved: false,
        at: { gt: new Date(retry.at.getTime() - DAY_MS) },
      },
      _sum: { count: true },
    }),
    tx.heldDeletion.findUnique({
      where: { jobId_sourceId_subject: { jobId: job.id, sourceId: groupId, subject: MEMBERS } },
    }),
  ]);
  return {
    removals,
    members,
    lastDay: lost._sum.count ?? 0,
    held: held && { decision: held.decision as HeldDecision, count: held.count, why: held.why },
  };
}

/** Of owners that were looked at to their end: what is held of them, and that nothing is held any more. */
export async function recordHeldMembers(
  tx: Tx,
  { jobId, cycleId, at }: PageScope,
  references: readonly ReferenceOutcome[],
): Promise<void> {
  const settled = references.filter(
    ({ attribute, error, unfinished }) => attribute === MEMBERS && error === null && !unfinished,
  );
  const rows = settled.flatMap(({ ownerId, held }) => (held === null ? [] : [{ ownerId, ...held }]));
  if (rows.length > 0)
    await tx.$executeRaw`
      INSERT INTO held_deletion AS h
        (job_id, source_id, subject, type, action, because, display_name, target_id, count, why, evidence, cycle_id, held_at)
      SELECT ${jobId}, r."ownerId", ${MEMBERS}, 'Group', 'removeMembers', 'left-group', l.display_name, l.target_id,
             (r.members ->> 'count')::int, r.why, jsonb_build_object('members', r.members), ${cycleId}, ${at}
      FROM jsonb_to_recordset(${json(rows)}::jsonb) AS r("ownerId" text, members jsonb, why text)
      JOIN link l ON l.job_id = ${jobId} AND l.source_id = r."ownerId"
      ON CONFLICT (job_id, source_id, subject) DO UPDATE
      SET count = excluded.count, why = excluded.why, evidence = excluded.evidence, cycle_id = excluded.cycle_id,
          display_name = excluded.display_name, target_id = excluded.target_id,
          decision = CASE WHEN excluded.count > h.count THEN 'waiting' ELSE h.decision END`;
  const released = settled.filter(({ held, kept }) => held === null && !kept).map(({ ownerId }) => ownerId);
  if (released.length > 0)
    await tx.heldDeletion.deleteMany({ where: { jobId, subject: MEMBERS, sourceId: { in: released } } });
}

/** Members that were removed count against the share of their group, unless somebody approved it. */
export async function noteLostMembers(
  tx: Tx,
  { jobId, groupId, cycleId }: { readonly jobId: string; readonly groupId: string; readonly cycleId: string },
  count: number,
  at: Date,
): Promise<void> {
  if (count === 0) return;
  await tx.$executeRaw`
    INSERT INTO deprovisioning (job_id, kind, source_id, cycle_id, at, count, approved)
    VALUES (${jobId}, 'Member', ${groupId}, ${cycleId}, ${at}, ${count}, EXISTS (
      SELECT 1 FROM held_deletion
      WHERE job_id = ${jobId} AND source_id = ${groupId} AND subject = ${MEMBERS} AND decision = 'approved'))`;
}
