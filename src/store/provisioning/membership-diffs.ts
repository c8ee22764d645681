// Members as the mirror has them against members as they were last written, for the linked groups of a page.
import type { Job } from '../../rules/model/job.ts';
import type { Tx } from '../database.ts';
import { groupBy } from '../group-by.ts';
import type { MembershipDiff, Reference } from '../../rules/model/records.ts';
import { countedMembers } from './counted-members.ts';

interface GroupRow {
  readonly source_id: string;
  readonly target_id: string;
  readonly display_name: string;
  readonly members_read: boolean;
}
interface DifferenceRow {
  readonly group_id: string;
  readonly kind: 'add' | 'remove' | 'pending';
  readonly member_id: string;
  readonly target_id: string | null;
}

/** One for each linked group, also when nothing differs. */
export async function membershipDiffs(
  tx: Tx,
  job: Job,
  groupIds: readonly string[],
): Promise<readonly MembershipDiff[]> {
  const groups = await tx.$queryRaw<GroupRow[]>`
    SELECT source_id, target_id, display_name, members_read FROM link
    WHERE job_id = ${job.id} AND type = 'Group' AND source_id = ANY(${[...groupIds]}::text[])
    ORDER BY source_id`;
  if (groups.length === 0) return [];
  const rows = await differences(
    tx,
    job,
    groups.map((group) => group.source_id),
  );
  const ofGroup = groupBy(rows, (row) => row.group_id);
  return groups.map((group) => toDiff(group, ofGroup.get(group.source_id) ?? []));
}

/**
 * Removed is only who is known to have left: the mirror has a row that says so. A member without a row was put there by
 * somebody else and stays.
 */
function differences(tx: Tx, job: Job, groupIds: readonly string[]): Promise<readonly DifferenceRow[]> {
  const { id, tenantId } = job;
  return tx.$queryRaw<DifferenceRow[]>`
    SELECT m.group_id, CASE WHEN NOT m.present THEN 'remove' WHEN l.source_id IS NULL THEN 'pending' ELSE 'add' END AS kind,
           m.member_id, coalesce(w.target_id, l.target_id) AS target_id
    FROM (${countedMembers(job, groupIds)}) AS m
    LEFT JOIN link l ON l.job_id = ${id} AND l.source_id = m.member_id
    LEFT JOIN link_member w ON w.job_id = ${id} AND w.group_id = m.group_id AND w.member_id = m.member_id
    LEFT JOIN directory_object o ON o.tenant_id = ${tenantId} AND o.id = m.member_id
    WHERE m.present = (w.member_id IS NULL)
      AND (NOT m.present OR l.source_id IS NOT NULL OR (o.type = 'User' AND o.presence = 'live'))
    ORDER BY m.group_id, m.member_id`;
}

function toDiff(group: GroupRow, rows: readonly DifferenceRow[]): MembershipDiff {
  const references = (kind: DifferenceRow['kind']): readonly Reference[] =>
    rows.flatMap((row) =>
      row.kind === kind && row.target_id !== null ? [{ sourceId: row.member_id, targetId: row.target_id }] : [],
    );
  return {
    groupId: group.source_id,
    targetId: group.target_id,
    displayName: group.display_name,
    add: references('add'),
    remove: references('remove'),
    pending: rows.filter((row) => row.kind === 'pending').map((row) => row.member_id),
    unread: !group.members_read,
  };
}

/**
 * Notes members that the target had before the engine wrote any, as far as they are linked; the group counts as read.
 * Who was
 * noted but is not among them is forgotten, unless the target shows no members at all.
 * A target may give a user and a group the same id: then the user is meant.
 */
export async function noteMembers(tx: Tx, jobId: string, groupId: string, targetIds: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    WITH noted AS (UPDATE link SET members_read = true WHERE job_id = ${jobId} AND source_id = ${groupId}),
    gone AS (
      DELETE FROM link_member WHERE job_id = ${jobId} AND group_id = ${groupId}
        AND ${targetIds.length > 0} AND target_id <> ALL(${[...targetIds]}::text[]))
    INSERT INTO link_member (job_id, group_id, member_id, target_id)
    SELECT DISTINCT ON (target_id) job_id, ${groupId}, source_id, target_id FROM link
    WHERE job_id = ${jobId} AND target_id = ANY(${[...targetIds]}::text[]) AND type IN ('User', 'Group')
      AND source_id <> ${groupId}
    ORDER BY target_id, type DESC
    ON CONFLICT (job_id, group_id, member_id) DO NOTHING`;
}
