// Members as the mirror has them against members as they were last written, compared as sets in the database. A group is
// read in slices, in the order of member ids: no process ever holds it whole.
import type { Job } from '../../rules/model/job.ts';
import { MOST_TOLD } from '../../rules/model/id-tally.ts';
import type { IdTally } from '../../rules/model/id-tally.ts';
import type {
  MemberChange,
  MemberChangeKind,
  MemberGroup,
  MemberRetry,
  MemberSlice,
} from '../../rules/model/records.ts';
import type { Tx } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { countedMembers } from './counted-members.ts';

/** One for each linked group, also when nothing differs. */
export async function memberGroups(tx: Tx, job: Job, groupIds: readonly string[]): Promise<readonly MemberGroup[]> {
  return tx.$queryRaw<MemberGroup[]>`
    WITH differing AS (
      SELECT DISTINCT m.group_id FROM (${countedMembers(job, groupIds)}) AS m
      LEFT JOIN link_member w ON w.job_id = ${job.id} AND w.group_id = m.group_id AND w.member_id = m.member_id
      WHERE m.present = (w.member_id IS NULL) OR (m.present AND w.unsure)
      UNION
      SELECT owner_id FROM pending_reference WHERE job_id = ${job.id} AND owner_id = ANY(${[...groupIds]}::text[])
      UNION
      SELECT source_id FROM escrow
      WHERE job_id = ${job.id} AND source_id = ANY(${[...groupIds]}::text[]) AND subject LIKE 'members/%')
    SELECT source_id AS "groupId", target_id AS "targetId", display_name AS "displayName", NOT members_read AS unread,
           NOT members_read OR source_id IN (SELECT group_id FROM differing) AS differs
    FROM link
    WHERE job_id = ${job.id} AND type = 'Group' AND source_id = ANY(${[...groupIds]}::text[])
    ORDER BY source_id`;
}

/** The next changes to send. Members in escrow that are not due and did not change are left out. */
export async function memberChanges(tx: Tx, job: Job, slice: MemberSlice): Promise<readonly MemberChange[]> {
  return tx.$queryRaw<MemberChange[]>`
    SELECT member_id AS "sourceId", target_id AS "targetId", unsure
    FROM (${differences(job, slice.groupId, slice.kind, slice.retry)}) AS change
    WHERE member_id > ${slice.after}
    ORDER BY member_id LIMIT ${slice.limit}`;
}

/** All of them by number, for a what-if. */
export async function countMemberChanges(
  tx: Tx,
  job: Job,
  { groupId, kind, retry }: Pick<MemberSlice, 'groupId' | 'kind' | 'retry'>,
): Promise<IdTally> {
  return talliedIn(tx, Prisma.sql`SELECT member_id AS id FROM (${differences(job, groupId, kind, retry)}) AS change`);
}

const differences = (job: Job, groupId: string, kind: MemberChangeKind, retry: MemberRetry): Prisma.Sql =>
  kind === 'add' ? additions(job, groupId, retry) : removals(job, groupId, retry);

/** Members with an account who were not written yet, or of whom it is not known whether they were. */
const additions = (job: Job, groupId: string, retry: MemberRetry): Prisma.Sql => Prisma.sql`
  SELECT m.member_id, l.target_id, w.member_id IS NOT NULL AS unsure
  FROM (${countedMembers(job, [groupId])}) AS m
  JOIN link l ON l.job_id = ${job.id} AND l.source_id = m.member_id
  LEFT JOIN link_member w ON w.job_id = ${job.id} AND w.group_id = m.group_id AND w.member_id = m.member_id
  WHERE m.present AND (w.member_id IS NULL OR w.unsure) AND ${isToBeSent(job, retry)}`;

/**
 * Removed is only who is known to have left: the mirror has a row that says so. A member without a row was put there by
 * somebody else and stays. A removal whose answer was lost is repeated: by id it does nothing the second time.
 */
const removals = (job: Job, groupId: string, retry: MemberRetry): Prisma.Sql => Prisma.sql`
  SELECT m.member_id, w.target_id, w.unsure
  FROM (${countedMembers(job, [groupId])}) AS m
  JOIN link_member w ON w.job_id = ${job.id} AND w.group_id = m.group_id AND w.member_id = m.member_id
  WHERE NOT m.present AND ${isToBeSent(job, retry)}`;

const isToBeSent = (
  { id, tenantId }: Job,
  { at, changedAfter, cycleStart, only }: MemberRetry,
): Prisma.Sql => Prisma.sql`
  ${only == null ? Prisma.empty : Prisma.sql`m.member_id = ANY(${[...only]}::text[]) AND`}
  NOT EXISTS (
    SELECT 1 FROM escrow e
    WHERE e.job_id = ${id} AND e.source_id = m.group_id AND e.subject = 'members/' || m.member_id
      AND (e.next_retry IS NULL OR e.next_retry > ${at})
      AND NOT (e.last_failed < ${cycleStart} AND EXISTS (
        SELECT 1 FROM directory_object o
        WHERE o.tenant_id = ${tenantId} AND o.id = m.member_id AND o.version > greatest(${changedAfter ?? -1}, coalesce(e.seen_version, -1)))))`;

/**
 * Live users among the members who have no account yet. Each is probed by its id: as a join, and before PostgreSQL has
 * counted a table that was just filled, this would compare everybody with everybody.
 */
const awaited = (job: Job, groupId: string): Prisma.Sql => Prisma.sql`
  SELECT m.member_id AS id FROM (${countedMembers(job, [groupId])}) AS m
  WHERE m.present
    AND NOT EXISTS (SELECT 1 FROM link l WHERE l.job_id = ${job.id} AND l.source_id = m.member_id)
    AND (SELECT o.type = 'User' AND o.presence = 'live' FROM directory_object o
         WHERE o.tenant_id = ${job.tenantId} AND o.id = m.member_id)`;

export const awaitedMembers = (tx: Tx, job: Job, groupId: string): Promise<IdTally> =>
  talliedIn(tx, awaited(job, groupId));

/** Brings who is awaited, and who is in escrow, in line with the differences that are left; answers who is awaited. */
export async function settleMembers(tx: Tx, job: Job, groupId: string): Promise<IdTally> {
  await tx.$executeRaw`
    DELETE FROM pending_reference
    WHERE job_id = ${job.id} AND owner_id = ${groupId} AND attribute = 'members'
      AND NOT EXISTS (SELECT 1 FROM (${awaited(job, groupId)}) AS awaited WHERE awaited.id = referenced_id)`;
  await tx.$executeRaw`
    INSERT INTO pending_reference (job_id, owner_id, attribute, referenced_id)
    SELECT ${job.id}, ${groupId}, 'members', id FROM (${awaited(job, groupId)}) AS awaited
    ON CONFLICT (job_id, owner_id, attribute, referenced_id) DO NOTHING`;
  await tx.$executeRaw`
    DELETE FROM escrow e
    WHERE e.job_id = ${job.id} AND e.source_id = ${groupId} AND e.subject LIKE 'members/%' AND NOT EXISTS (
      SELECT 1 FROM (${countedMembers(job, [groupId])}) AS m
      LEFT JOIN link_member w ON w.job_id = ${job.id} AND w.group_id = m.group_id AND w.member_id = m.member_id
      WHERE 'members/' || m.member_id = e.subject AND (m.present = (w.member_id IS NULL) OR w.unsure))`;
  return talliedIn(
    tx,
    Prisma.sql`SELECT referenced_id AS id FROM pending_reference
               WHERE job_id = ${job.id} AND owner_id = ${groupId} AND attribute = 'members'`,
  );
}

async function talliedIn(tx: Tx, ids: Prisma.Sql): Promise<IdTally> {
  const [row] = await tx.$queryRaw<{ count: bigint; first: readonly string[] | null }[]>`
    WITH ids AS (${ids})
    SELECT (SELECT count(*) FROM ids) AS count,
           (SELECT array_agg(id) FROM (SELECT id FROM ids ORDER BY id LIMIT ${MOST_TOLD}) AS told) AS first`;
  return { count: Number(row?.count ?? 0), first: row?.first ?? [] };
}
