// Users and groups of the mirror. What a row says changes only with evidence; what differs gets the new version.
import type { DeltaResource, MirrorObject, MirrorTombstone } from '../../rules/model/mirror.ts';
import type { ObjectType } from '../../rules/model/source-object.ts';
import { json } from '../database.ts';
import type { Tx } from '../database.ts';
import type { Stamp } from './stamp.ts';

const typeOf: Readonly<Record<DeltaResource, ObjectType>> = { users: 'User', groups: 'Group' };

/** Merges what was read over what is there; an object that was gone is live again. */
export async function upsertObjects(tx: Tx, stamp: Stamp, objects: readonly MirrorObject[]): Promise<void> {
  if (objects.length === 0) return;
  const rows = objects.map(({ id, type, attributes, managerId }) => ({
    id,
    type,
    attributes,
    manager_id: managerId ?? null,
    manager_read: managerId !== undefined,
  }));
  await tx.$executeRaw`
    WITH read AS (
      SELECT r.id, r.type, coalesce(o.attributes, '{}') || r.attributes AS attributes,
             CASE WHEN r.manager_read THEN r.manager_id ELSE o.manager_id END AS manager_id,
             o.presence, o.attributes AS old_attributes, o.manager_id AS old_manager_id, o.version AS old_version,
             o.presence_version AS old_presence_version
      FROM jsonb_to_recordset(${json(rows)}::jsonb)
             AS r(id text, type text, attributes jsonb, manager_id text, manager_read boolean)
      LEFT JOIN directory_object o ON o.tenant_id = ${stamp.tenantId} AND o.id = r.id
    )
    INSERT INTO directory_object AS o
           (tenant_id, id, type, presence, attributes, manager_id, generation, version, presence_version)
    SELECT ${stamp.tenantId}, id, type, 'live', attributes, manager_id, ${stamp.generation},
           CASE WHEN presence = 'live' AND attributes = old_attributes AND manager_id IS NOT DISTINCT FROM old_manager_id
                THEN old_version ELSE ${stamp.version} END,
           CASE WHEN presence = 'live' THEN old_presence_version ELSE ${stamp.version} END
    FROM read
    ON CONFLICT (tenant_id, id) DO UPDATE
    SET type = excluded.type, presence = excluded.presence, attributes = excluded.attributes,
        manager_id = excluded.manager_id, generation = excluded.generation, version = excluded.version,
        presence_version = excluded.presence_version
    WHERE (o.version, o.generation) IS DISTINCT FROM (excluded.version, excluded.generation)`;
}

/** Evidence that objects are gone: their attributes stay, and an id that was never seen is ignored. */
export async function buryObjects(tx: Tx, stamp: Stamp, tombstones: readonly MirrorTombstone[]): Promise<void> {
  if (tombstones.length === 0) return;
  await tx.$executeRaw`
    UPDATE directory_object o
    SET presence = t.presence, version = ${stamp.version}, presence_version = ${stamp.version}
    FROM jsonb_to_recordset(${json(tombstones)}::jsonb) AS t(id text, presence text)
    WHERE o.tenant_id = ${stamp.tenantId} AND o.id = t.id AND o.presence IS DISTINCT FROM t.presence`;
}

/** Objects found alive by asking for their very id count as seen by this generation. */
export async function stampSeen(tx: Tx, stamp: Stamp, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE directory_object SET generation = ${stamp.generation}
    WHERE tenant_id = ${stamp.tenantId} AND id = ANY(${[...ids]}::text[]) AND generation < ${stamp.generation}`;
}

export async function census(
  tx: Tx,
  { tenantId, resource, generation }: { tenantId: string; resource: DeltaResource; generation: number },
): Promise<{ readonly live: number; readonly seen: number }> {
  const [row] = await tx.$queryRaw<{ live: number; seen: number }[]>`
    SELECT count(*)::int AS live, (count(*) FILTER (WHERE generation >= ${generation}))::int AS seen FROM directory_object
    WHERE tenant_id = ${tenantId} AND type = ${typeOf[resource]} AND presence = 'live'`;
  return row ?? { live: 0, seen: 0 };
}

export interface UnseenQuery {
  readonly tenantId: string;
  readonly generation: number;
  readonly after: string;
  readonly limit: number;
}
export async function unseenObjects(tx: Tx, resource: DeltaResource, query: UnseenQuery): Promise<readonly string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM directory_object
    WHERE tenant_id = ${query.tenantId} AND type = ${typeOf[resource]} AND presence = 'live'
      AND generation < ${query.generation} AND id > ${query.after}
    ORDER BY id LIMIT ${query.limit}`;
  return rows.map(({ id }) => id);
}
