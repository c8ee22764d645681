// Users whose groups changed where it matters: groups that are assigned to the application, and groups that filters name.
import { Prisma } from '../generated/client.ts';
import type { CycleScope } from './cycle-scope.ts';

/**
 * The groups that matter are walked down from the assigned and the named ones, along every membership that is there or was
 * there after the watermark: so both what came and what went is found. Below a change (a group that was assigned or
 * unassigned, one whose role changed, deleted or restored, nested or taken out) all users are looked at; elsewhere only who joined or left.
 * Who left an unassigned group after the watermark lost access too, although neither change alone says so.
 */
export function usersByTheirGroups(scope: CycleScope): readonly Prisma.Sql[] {
  const { tenantId, from } = scope;
  const during = (version: Prisma.Sql): Prisma.Sql => Prisma.sql`(${version} > ${from} AND ${version} <= ${scope.to})`;
  const reach = Prisma.sql`
    WITH RECURSIVE reach(group_id, deep, changed) AS (
      SELECT r.group_id, r.deep, r.changed OR ${presenceChanged(scope, Prisma.sql`r.group_id`)}
      FROM (${roots(scope, during)}) AS r(group_id, deep, changed)
      UNION
      SELECT m.member_id, true,
             reach.changed OR ${during(Prisma.sql`m.version`)} OR ${presenceChanged(scope, Prisma.sql`m.member_id`)}
      FROM reach
      JOIN directory_membership m
        ON m.tenant_id = ${tenantId} AND m.group_id = reach.group_id AND m.member_type = 'Group'
       AND (m.present OR m.version > ${from})
      WHERE reach.deep)`;
  return [
    Prisma.sql`SELECT member_id FROM (${reach}
      SELECT m.member_id FROM reach
      JOIN directory_membership m ON m.tenant_id = ${tenantId} AND m.group_id = reach.group_id
      WHERE reach.changed AND (m.present OR m.version > ${from})) AS below_changes`,
    Prisma.sql`SELECT member_id FROM (${reach}
      SELECT m.member_id FROM reach
      JOIN directory_membership m ON m.tenant_id = ${tenantId} AND m.group_id = reach.group_id
      WHERE ${during(Prisma.sql`m.version`)}) AS came_or_left`,
  ];
}

const roots = (
  { tenantId, servicePrincipalId, from, nested, reads }: CycleScope,
  during: (version: Prisma.Sql) => Prisma.Sql,
): Prisma.Sql => Prisma.sql`
  SELECT a.principal_id, ${nested}::boolean,
         ${during(Prisma.sql`a.version`)} OR EXISTS (
           SELECT 1 FROM directory_service_principal s
           WHERE s.tenant_id = ${tenantId} AND s.id = ${servicePrincipalId} AND ${during(Prisma.sql`s.roles_version`)})
  FROM directory_assignment a
  WHERE a.tenant_id = ${tenantId} AND a.service_principal_id = ${servicePrincipalId} AND a.principal_type = 'Group'
    AND (a.present OR a.version > ${from})
  UNION ALL SELECT id, false, false FROM unnest(${[...reads.groups.direct]}::text[]) AS named(id)
  UNION ALL SELECT id, true, false FROM unnest(${[...reads.groups.transitive]}::text[]) AS named(id)`;

const presenceChanged = ({ tenantId, from, to }: CycleScope, id: Prisma.Sql): Prisma.Sql => Prisma.sql`
  EXISTS (SELECT 1 FROM directory_object o
          WHERE o.tenant_id = ${tenantId} AND o.id = ${id} AND o.presence_version > ${from} AND o.presence_version <= ${to})`;

/**
 * With nested groups followed, a change of members shows in all groups above too; so does the deletion or the restoration of a
 * nested group.
 */
export function groupsAboveChanges({ tenantId, from, to, nested }: CycleScope): readonly Prisma.Sql[] {
  if (!nested) return [];
  return [
    Prisma.sql`SELECT group_id FROM (
      WITH RECURSIVE above(group_id) AS (
        (SELECT group_id FROM directory_membership
         WHERE tenant_id = ${tenantId} AND version > ${from} AND version <= ${to}
         UNION
         SELECT id FROM directory_object
         WHERE tenant_id = ${tenantId} AND type = 'Group' AND presence_version > ${from} AND presence_version <= ${to})
        UNION
        SELECT m.group_id FROM above
        JOIN directory_membership m
          ON m.tenant_id = ${tenantId} AND m.member_id = above.group_id AND m.member_type = 'Group'
         AND (m.present OR m.version > ${from}))
      SELECT group_id FROM above) AS above_changes`,
  ];
}
