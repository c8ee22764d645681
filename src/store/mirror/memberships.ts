// Direct memberships of the mirror. A row with `present = false` is evidence of a removal; a missing row is none.
import type { MirrorMember, MirrorMembership } from '../../rules/model/mirror.ts';
import { json } from '../database.ts';
import type { Tx } from '../database.ts';
import type { UnseenQuery } from './objects.ts';
import type { Stamp } from './stamp.ts';

/** The group itself need not be known yet. */
export async function upsertMemberships(tx: Tx, stamp: Stamp, memberships: readonly MirrorMembership[]): Promise<void> {
  if (memberships.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO directory_membership AS m
           (tenant_id, group_id, member_id, member_type, present, generation, version)
    SELECT ${stamp.tenantId}, r."groupId", r."memberId", r."memberType", r.present, ${stamp.generation}, ${stamp.version}
    FROM jsonb_to_recordset(${json(memberships)}::jsonb)
           AS r("groupId" text, "memberId" text, "memberType" text, present boolean)
    ON CONFLICT (tenant_id, group_id, member_id) DO UPDATE
    SET member_type = CASE WHEN excluded.present THEN excluded.member_type ELSE m.member_type END,
        present = excluded.present, generation = excluded.generation,
        version = CASE WHEN m.present = excluded.present THEN m.version ELSE excluded.version END
    WHERE m.present <> excluded.present OR m.generation <> excluded.generation`;
}

/** Answers who is stored as a member but was not listed. */
export async function saveMembers(
  tx: Tx,
  stamp: Stamp,
  groupId: string,
  listed: readonly MirrorMember[],
): Promise<readonly MirrorMember[]> {
  await upsertMemberships(
    tx,
    stamp,
    listed.map((member) => ({ groupId, ...member, present: true })),
  );
  return tx.$queryRaw<MirrorMember[]>`
    SELECT member_id AS "memberId", member_type AS "memberType" FROM directory_membership
    WHERE tenant_id = ${stamp.tenantId} AND group_id = ${groupId} AND present
      AND member_id <> ALL(${listed.map(({ memberId }) => memberId)}::text[])
    ORDER BY member_id`;
}

export async function dropMembers(tx: Tx, stamp: Stamp, groupId: string, memberIds: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE directory_membership SET present = false, generation = ${stamp.generation}, version = ${stamp.version}
    WHERE tenant_id = ${stamp.tenantId} AND group_id = ${groupId} AND present
      AND member_id = ANY(${[...memberIds]}::text[])`;
}

export async function groupsWithUnseenMembers(tx: Tx, query: UnseenQuery): Promise<readonly string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT m.group_id AS id FROM directory_membership m
    WHERE m.tenant_id = ${query.tenantId} AND m.present AND m.generation < ${query.generation}
      AND m.group_id > ${query.after}
      AND NOT EXISTS (SELECT 1 FROM directory_object o
                      WHERE o.tenant_id = m.tenant_id AND o.id = m.group_id AND o.presence <> 'live')
    ORDER BY 1 LIMIT ${query.limit}`;
  return rows.map(({ id }) => id);
}
