// What gives users and groups access to an application: their own assignments, and those of groups that they are in.
import type { Job } from '../../rules/model/job.ts';
import type { Entitlement } from '../../rules/model/source-object.ts';
import { groupNesting } from '../../rules/scoping/nested-groups.ts';
import type { Tx } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { groupBy } from '../group-by.ts';
import { groupsBelow } from './group-graph.ts';

interface EntitlementRow {
  readonly principal_id: string;
  readonly app_role_id: string;
  readonly group_id: string | null;
  readonly group_name: string | null;
  /** Set when the membership is in a nested group only. */
  readonly through_id: string | null;
  readonly through_name: string | null;
}

/** By principal. A deleted group gives access to nobody. */
export async function entitlementsOf(
  tx: Tx,
  job: Job,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly Entitlement[]>> {
  const { tenantId } = job;
  const assigned = Prisma.sql`
    a.tenant_id = ${tenantId} AND a.service_principal_id = ${job.servicePrincipalId} AND a.present`;
  const roots = Prisma.sql`
    SELECT a.principal_id FROM directory_assignment a WHERE ${assigned} AND a.principal_type = 'Group'`;
  const rows = await tx.$queryRaw<EntitlementRow[]>`
    WITH RECURSIVE below(root, group_id) AS (${groupsBelow(tenantId, roots, groupNesting(job) === 'followed')}),
    through_groups AS (
      SELECT m.member_id, a.app_role_id, a.principal_id AS group_id,
             CASE WHEN NOT bool_or(m.group_id = a.principal_id) THEN min(m.group_id) END AS through_id
      FROM directory_membership m
      JOIN below ON below.group_id = m.group_id
      JOIN directory_assignment a ON a.principal_id = below.root AND ${assigned}
      WHERE m.tenant_id = ${tenantId} AND m.member_id = ANY(${[...ids]}::text[]) AND m.present AND m.member_type = 'User'
      GROUP BY m.member_id, a.app_role_id, a.principal_id)
    SELECT a.principal_id, a.app_role_id, NULL AS group_id, NULL AS group_name, NULL AS through_id, NULL AS through_name
    FROM directory_assignment a WHERE ${assigned} AND a.principal_id = ANY(${[...ids]}::text[])
    UNION ALL
    SELECT t.member_id, t.app_role_id, t.group_id, g.attributes ->> 'displayName',
           t.through_id, n.attributes ->> 'displayName'
    FROM through_groups t
    LEFT JOIN directory_object g ON g.tenant_id = ${tenantId} AND g.id = t.group_id
    LEFT JOIN directory_object n ON n.tenant_id = ${tenantId} AND n.id = t.through_id
    ORDER BY 1, 3 NULLS FIRST, 2`;
  return new Map([...groupBy(rows, (row) => row.principal_id)].map(([id, found]) => [id, found.map(toEntitlement)]));
}

function toEntitlement(row: EntitlementRow): Entitlement {
  const { app_role_id: appRoleId, group_id: groupId } = row;
  if (groupId === null) return { appRoleId, via: 'direct', groupId };
  const through = row.through_id === null ? {} : { through: { id: row.through_id, name: row.through_name } };
  return { appRoleId, via: 'group', groupId, groupName: row.group_name, ...through };
}
