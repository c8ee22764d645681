// Objects that were read one by one, beside the delta rounds: what a round has written since is newer, or comes again with
// the next one, so it is never overwritten. Generations stay as they are: a round has not seen what we have.
import type { MirrorObject, MirrorTombstone } from '../../rules/model/mirror.ts';
import type { Tx } from '../database.ts';
import { buryObjects, upsertObjects } from './objects.ts';
import type { Stamp } from './stamp.ts';

export interface Found {
  readonly objects: readonly MirrorObject[];
  readonly tombstones: readonly MirrorTombstone[];
}

export async function saveFound(tx: Tx, stamp: Stamp, asOf: number, { objects, tombstones }: Found): Promise<void> {
  const ids = [...objects, ...tombstones].map(({ id }) => id);
  const rows = await tx.directoryObject.findMany({
    where: { tenantId: stamp.tenantId, id: { in: ids } },
    select: { id: true, version: true, generation: true },
  });
  const newer = new Set(rows.filter(({ version }) => version > BigInt(asOf)).map(({ id }) => id));
  const generations = new Map(rows.map(({ id, generation }) => [id, generation]));
  for (const object of objects.filter(({ id }) => !newer.has(id)))
    await upsertObjects(tx, { ...stamp, generation: generations.get(object.id) ?? 0 }, [object]);
  await buryObjects(
    tx,
    stamp,
    tombstones.filter(({ id }) => !newer.has(id)),
  );
}

/** Who is not in the listing has left; rows of groups that are gone are left alone. */
export async function replaceGroupsOf(
  tx: Tx,
  { tenantId, version }: Stamp,
  asOf: number,
  { memberId, groupIds }: { readonly memberId: string; readonly groupIds: readonly string[] },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO directory_membership AS m (tenant_id, group_id, member_id, member_type, present, generation, version)
    SELECT ${tenantId}, id, ${memberId}, 'User', true, 0, ${version} FROM unnest(${[...groupIds]}::text[]) AS listed(id)
    ON CONFLICT (tenant_id, group_id, member_id) DO UPDATE
    SET present = true, member_type = 'User', version = excluded.version
    WHERE NOT m.present AND m.version <= ${asOf}`;
  await tx.$executeRaw`
    UPDATE directory_membership SET present = false, version = ${version}
    WHERE tenant_id = ${tenantId} AND member_id = ${memberId} AND present AND version <= ${asOf}
      AND group_id <> ALL(${[...groupIds]}::text[])`;
}
