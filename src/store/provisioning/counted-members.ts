// Who counts as a member of a group for one job: its direct members, or with nested groups the users of all groups below it.
import { Prisma } from '../generated/client.ts';
import type { Job } from '../../rules/model/job.ts';
import { groupNesting } from '../../rules/scoping/nested-groups.ts';

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
      ? Prisma.sql`m.member_type <> 'Group' AND live.root IS NOT NULL`
      : Prisma.sql`ever.group_id = ever.root`;
  return Prisma.sql`
    WITH RECURSIVE ever(root, group_id) AS (
      SELECT id, id FROM unnest(${[...groupIds]}::text[]) AS wanted(id)
      UNION
      SELECT ever.root, m.member_id FROM ever
      JOIN directory_membership m
        ON m.tenant_id = ${tenantId} AND m.group_id = ever.group_id AND m.member_type = 'Group'),
    live(root, group_id) AS (
      SELECT id, id FROM unnest(${[...groupIds]}::text[]) AS wanted(id)
      UNION
      SELECT live.root, m.member_id FROM live
      JOIN directory_membership m
        ON m.tenant_id = ${tenantId} AND m.group_id = live.group_id AND m.member_type = 'Group' AND m.present
      WHERE ${isLive(tenantId, Prisma.sql`m.member_id`)})
    SELECT ever.root AS group_id, m.member_id, max(m.member_type) AS member_type, bool_or(m.present AND ${counts}) AS present
    FROM ever
    JOIN directory_membership m ON m.tenant_id = ${tenantId} AND m.group_id = ever.group_id
    LEFT JOIN live ON live.root = ever.root AND live.group_id = ever.group_id
    WHERE m.member_type <> 'Group' OR ever.group_id = ever.root
    GROUP BY ever.root, m.member_id`;
}

/** A group that is deleted leads nowhere; one whose own row was not read yet is taken for live. */
export const isLive = (tenantId: string, id: Prisma.Sql): Prisma.Sql => Prisma.sql`
  NOT EXISTS (SELECT 1 FROM directory_object o
              WHERE o.tenant_id = ${tenantId} AND o.id = ${id} AND o.presence <> 'live')`;
