// Who counts as a member of a group for one job: its direct members, or with nested groups the users of all groups below it.
import { Prisma } from '../generated/client.ts';
import type { Job } from '../../rules/model/job.ts';
import { groupNesting } from '../../rules/scoping/nested-groups.ts';
import { groupsBelow } from './group-graph.ts';

/**
 * A query with the columns `group_id`, `member_id`, `member_type` and `present`, in place of the table of memberships.
 * `present = false` is evidence that the member counted once and no longer does; a missing row is none.
 */
export function countedMembers(job: Job, groupIds: readonly string[]): Prisma.Sql {
  const { tenantId } = job;
  const nesting = groupNesting(job);
  if (nesting === 'ignored')
    return Prisma.sql`
      SELECT group_id, member_id, member_type, present FROM directory_membership
      WHERE tenant_id = ${tenantId} AND group_id = ANY(${[...groupIds]}::text[])`;
  const counts =
    nesting === 'followed'
      ? Prisma.sql`m.member_type <> 'Group' AND below.root IS NOT NULL`
      : Prisma.sql`ever.group_id = ever.root`;
  return Prisma.sql`
    WITH RECURSIVE ever(root, group_id) AS (
      SELECT id, id FROM unnest(${[...groupIds]}::text[]) AS wanted(id)
      UNION
      SELECT ever.root, m.member_id FROM ever
      JOIN directory_membership m
        ON m.tenant_id = ${tenantId} AND m.group_id = ever.group_id AND m.member_type = 'Group'),
    below(root, group_id) AS (${groupsBelow(tenantId, Prisma.sql`SELECT unnest(${[...groupIds]}::text[])`, true)})
    SELECT ever.root AS group_id, m.member_id, max(m.member_type) AS member_type, bool_or(m.present AND ${counts}) AS present
    FROM ever
    JOIN directory_membership m ON m.tenant_id = ${tenantId} AND m.group_id = ever.group_id
    LEFT JOIN below ON below.root = ever.root AND below.group_id = ever.group_id
    WHERE m.member_type <> 'Group' OR ever.group_id = ever.root
    GROUP BY ever.root, m.member_id`;
}
