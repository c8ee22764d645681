// Applications of the mirror and who is assigned to them.
import type { MirrorAssignment, MirrorServicePrincipal } from '../../rules/model/mirror.ts';
import type { AppRole } from '../../rules/model/source-object.ts';
import { json } from '../database.ts';
import type { Tx } from '../database.ts';

/** The version is that of the last change of its roles: who holds one is looked at again then. */
export async function saveServicePrincipal(
  tx: Tx,
  tenantId: string,
  found: MirrorServicePrincipal,
  version: bigint,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO directory_service_principal AS s (tenant_id, id, app_id, display_name, app_roles, roles_version)
    VALUES (${tenantId}, ${found.id}, ${found.appId}, ${found.displayName}, ${json(found.appRoles)}::jsonb, ${version})
    ON CONFLICT (tenant_id, id) DO UPDATE
    SET app_id = excluded.app_id, display_name = excluded.display_name, app_roles = excluded.app_roles,
        roles_version = CASE WHEN s.app_roles = excluded.app_roles THEN s.roles_version ELSE excluded.roles_version END`;
}

export async function readServicePrincipal(
  tx: Tx,
  tenantId: string,
  id: string,
): Promise<MirrorServicePrincipal | null> {
  const row = await tx.directoryServicePrincipal.findUnique({ where: { tenantId_id: { tenantId, id } } });
  if (row === null) return null;
  return {
    id,
    appId: row.appId,
    displayName: row.displayName,
    appRoles: row.appRoles as unknown as readonly AppRole[],
  };
}

/** The assignments of one application, as one transaction writes them. */
export interface Assignments {
  readonly tenantId: string;
  readonly servicePrincipalId: string;
  readonly version: bigint;
}

/** Answers the ids that are stored as present but were not listed. */
export async function saveAssignments(
  tx: Tx,
  { tenantId, servicePrincipalId, version }: Assignments,
  listed: readonly MirrorAssignment[],
): Promise<readonly string[]> {
  await tx.$executeRaw`
    INSERT INTO directory_assignment AS a
           (tenant_id, service_principal_id, id, principal_id, principal_type, app_role_id, present, version)
    SELECT ${tenantId}, ${servicePrincipalId}, r.id, r."principalId", r."principalType", r."appRoleId", true, ${version}
    FROM jsonb_to_recordset(${json(listed)}::jsonb)
           AS r(id text, "principalId" text, "principalType" text, "appRoleId" text)
    ON CONFLICT (tenant_id, service_principal_id, id) DO UPDATE
    SET principal_id = excluded.principal_id, principal_type = excluded.principal_type,
        app_role_id = excluded.app_role_id, present = true, version = excluded.version
    WHERE (a.principal_id, a.principal_type, a.app_role_id, a.present)
          IS DISTINCT FROM (excluded.principal_id, excluded.principal_type, excluded.app_role_id, true)`;
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM directory_assignment
    WHERE tenant_id = ${tenantId} AND service_principal_id = ${servicePrincipalId} AND present
      AND id <> ALL(${listed.map(({ id }) => id)}::text[])
    ORDER BY id`;
  return rows.map(({ id }) => id);
}

export async function dropAssignments(
  tx: Tx,
  { tenantId, servicePrincipalId, version }: Assignments,
  ids: readonly string[],
): Promise<void> {
  await tx.$executeRaw`
    UPDATE directory_assignment SET present = false, version = ${version}
    WHERE tenant_id = ${tenantId} AND service_principal_id = ${servicePrincipalId} AND present
      AND id = ANY(${[...ids]}::text[])`;
}
