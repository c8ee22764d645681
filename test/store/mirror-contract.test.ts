// The mirror in PostgreSQL does what every mirror must, and the reader works with it end to end.
import { mirrorContract } from '../directory/mirror-contract.ts';
import type { MirrorUnderTest, SeenMembership } from '../directory/mirror-contract.ts';
import { refreshContract } from '../directory/refresh-contract.ts';
import type { AppRole, ObjectType, Presence } from '../../src/rules/model/source-object.ts';
import type { JsonObject } from '../../src/rules/model/json.ts';
import { openWorld } from './world.ts';

interface ObjectRow {
  readonly type: ObjectType;
  readonly presence: Presence;
  readonly attributes: JsonObject;
  readonly manager_id: string | null;
  readonly version: string;
}
interface MembershipRow {
  readonly member_id: string;
  readonly member_type: SeenMembership['memberType'];
  readonly present: boolean;
  readonly version: string;
}
interface PrincipalRow {
  readonly app_id: string;
  readonly display_name: string;
  readonly app_roles: readonly AppRole[];
}

async function postgresMirror(): Promise<MirrorUnderTest> {
  const world = await openWorld();
  await world.rows(
    'TRUNCATE directory_tenant, directory_delta, directory_object, directory_membership, directory_service_principal, directory_assignment',
  );
  return {
    writer: world.store.mirror,
    object: async (tenantId, id) => {
      const [row] = await world.rows<ObjectRow>('SELECT * FROM directory_object WHERE tenant_id = $1 AND id = $2', [
        tenantId,
        id,
      ]);
      if (row === undefined) return null;
      const { type, presence, attributes } = row;
      return { id, type, presence, attributes, managerId: row.manager_id, version: Number(row.version) };
    },
    memberships: async (tenantId, groupId) => {
      const sql =
        'SELECT * FROM directory_membership WHERE tenant_id = $1 AND group_id = $2 ORDER BY member_id COLLATE "C"';
      const rows = await world.rows<MembershipRow>(sql, [tenantId, groupId]);
      return rows.map((row) => ({
        memberId: row.member_id,
        memberType: row.member_type,
        present: row.present,
        version: Number(row.version),
      }));
    },
    assignments: async (tenantId, principalId) => {
      const sql =
        'SELECT id FROM directory_assignment WHERE tenant_id = $1 AND service_principal_id = $2 AND present ORDER BY id COLLATE "C"';
      return (await world.rows<{ id: string }>(sql, [tenantId, principalId])).map(({ id }) => id);
    },
    servicePrincipal: async (tenantId, id) => {
      const sql = 'SELECT * FROM directory_service_principal WHERE tenant_id = $1 AND id = $2';
      const [row] = await world.rows<PrincipalRow>(sql, [tenantId, id]);
      return row === undefined
        ? null
        : { id, appId: row.app_id, displayName: row.display_name, appRoles: row.app_roles };
    },
    version: async (tenantId) => {
      const [row] = await world.rows<{ version: string }>('SELECT version FROM directory_tenant WHERE id = $1', [
        tenantId,
      ]);
      return Number(row?.version ?? 0);
    },
    refreshedAt: async (tenantId) => {
      const sql = 'SELECT refreshed_at FROM directory_tenant WHERE id = $1';
      const [row] = await world.rows<{ refreshed_at: Date | null }>(sql, [tenantId]);
      return row?.refreshed_at ?? null;
    },
    close: () => world.close(),
  };
}

mirrorContract('the mirror in PostgreSQL', postgresMirror);
refreshContract('the mirror in PostgreSQL', postgresMirror);
