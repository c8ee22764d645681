// Objects with everything that deciding about them needs: link and entitlements, in two statements for a page.
import type { Job } from '../../rules/model/job.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import type { Entitlement, ObjectType, Presence } from '../../rules/model/source-object.ts';
import type { KnownAttributes, Link } from '../../rules/model/target.ts';
import type { Tx } from '../database.ts';
import { groupBy } from '../group-by.ts';
import type { Candidate } from '../../rules/model/records.ts';

interface ObjectRow {
  readonly id: string;
  readonly type: ObjectType;
  readonly presence: Presence;
  readonly attributes: JsonObject;
  readonly manager_id: string | null;
  readonly version: bigint;
  readonly target_id: string | null;
  readonly display_name: string;
  readonly known: KnownAttributes;
  readonly state: Link['state'];
  readonly created_at: Date;
  readonly unsure: boolean;
  readonly held: boolean;
}
interface EntitlementRow {
  readonly principal_id: string;
  readonly app_role_id: string;
  readonly group_id: string | null;
}

/** In the order of the ids; ids that the mirror does not know are left out. */
export async function candidates(tx: Tx, job: Job, ids: readonly string[]): Promise<readonly Candidate[]> {
  const rows = await tx.$queryRaw<ObjectRow[]>`
    SELECT o.id, o.type, o.presence, o.attributes, o.manager_id, o.version,
           l.target_id, l.display_name, l.known, l.state, l.created_at,
           EXISTS (SELECT 1 FROM intent i WHERE i.job_id = ${job.id} AND i.source_id = o.id) AS unsure,
           EXISTS (SELECT 1 FROM held_deletion h WHERE h.job_id = ${job.id} AND h.source_id = o.id) AS held
    FROM unnest(${[...ids]}::text[]) WITH ORDINALITY AS wanted(id, position)
    JOIN directory_object o ON o.tenant_id = ${job.tenantId} AND o.id = wanted.id
    LEFT JOIN link l ON l.job_id = ${job.id} AND l.source_id = o.id
    ORDER BY wanted.position`;
  const entitled = groupBy(await entitlements(tx, job, ids), (row) => row.principal_id);
  return rows.map((row) => ({
    object: {
      id: row.id,
      type: row.type,
      presence: row.presence,
      attributes: row.attributes,
      managerId: row.manager_id,
      version: Number(row.version),
    },
    entitlements: (entitled.get(row.id) ?? []).map(toEntitlement),
    link: linkOf(job.id, row),
    ...(row.unsure ? { unsure: true as const } : {}),
    held: row.held,
  }));
}

/** Own assignments, and for users those of assigned groups that they are direct members of. */
function entitlements(tx: Tx, job: Job, ids: readonly string[]): Promise<readonly EntitlementRow[]> {
  return tx.$queryRaw<EntitlementRow[]>`
    SELECT principal_id, app_role_id, NULL AS group_id FROM directory_assignment
    WHERE tenant_id = ${job.tenantId} AND service_principal_id = ${job.servicePrincipalId} AND present
      AND principal_id = ANY(${[...ids]}::text[])
    UNION ALL
    SELECT m.member_id, a.app_role_id, a.principal_id FROM directory_membership m
    JOIN directory_assignment a ON a.tenant_id = m.tenant_id AND a.principal_id = m.group_id
     AND a.service_principal_id = ${job.servicePrincipalId} AND a.principal_type = 'Group' AND a.present
    WHERE m.tenant_id = ${job.tenantId} AND m.member_id = ANY(${[...ids]}::text[])
      AND m.present AND m.member_type = 'User'
    ORDER BY 1, 3 NULLS FIRST, 2`;
}

const toEntitlement = ({ app_role_id: appRoleId, group_id: groupId }: EntitlementRow): Entitlement => ({
  appRoleId,
  via: groupId === null ? 'direct' : 'group',
  groupId,
});

function linkOf(jobId: string, row: ObjectRow): Link | null {
  if (row.target_id === null) return null;
  return {
    jobId,
    sourceId: row.id,
    type: row.type,
    targetId: row.target_id,
    displayName: row.display_name,
    known: row.known,
    state: row.state,
    createdAt: row.created_at,
  };
}
