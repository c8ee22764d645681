// Writes what a page means for links: accounts made, adopted, changed and gone, and who must look at references again.
import { memberSubject } from '../../rules/model/records.ts';
import { json } from '../database.ts';
import type { Tx } from '../database.ts';
import type { LinkUpsert } from './link-changes.ts';

export interface PageScope {
  readonly jobId: string;
  readonly tenantId: string;
  readonly cycleId: string;
  readonly at: Date;
}

/** A link goes with everything that was noted because of it; whoever waits for its account may have it in this very cycle. */
export async function removeLinks(tx: Tx, { jobId, at }: PageScope, sourceIds: readonly string[]): Promise<void> {
  if (sourceIds.length === 0) return;
  const ids = [...sourceIds];
  await forgetMembers(tx, jobId, ids);
  await tx.$executeRaw`DELETE FROM pending_reference WHERE job_id = ${jobId} AND owner_id = ANY(${ids}::text[])`;
  await tx.$executeRaw`DELETE FROM escrow WHERE job_id = ${jobId} AND source_id = ANY(${ids}::text[])`;
  await tx.$executeRaw`DELETE FROM link WHERE job_id = ${jobId} AND source_id = ANY(${ids}::text[])`;
  await tx.$executeRaw`
    UPDATE escrow SET next_retry = to_timestamp(0) WHERE job_id = ${jobId} AND code = 'DuplicateSourceEntries' AND next_retry > ${at}`;
}

/** What was written of these as groups and as members, and what of it failed. */
async function forgetMembers(tx: Tx, jobId: string, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM link_member
    WHERE job_id = ${jobId} AND (group_id = ANY(${[...ids]}::text[]) OR member_id = ANY(${[...ids]}::text[]))`;
  await tx.$executeRaw`
    DELETE FROM escrow
    WHERE job_id = ${jobId} AND subject LIKE 'members/%'
      AND (source_id = ANY(${[...ids]}::text[]) OR subject = ANY(${ids.map(memberSubject)}::text[]))`;
}

/** Source ids whose account is linked to another object already, earlier or in this page: they cannot be linked too. */
export async function claimedTwice(
  tx: Tx,
  { jobId }: PageScope,
  upserts: readonly LinkUpsert[],
): Promise<ReadonlySet<string>> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    WITH claim AS (
      SELECT r."sourceId" AS source_id, r.type, r."targetId" AS target_id,
             row_number() OVER (PARTITION BY r.type, r."targetId" ORDER BY r."sourceId") AS nth
      FROM jsonb_to_recordset(${json(upserts)}::jsonb) AS r("sourceId" text, type text, "targetId" text))
    SELECT claim.source_id AS id FROM claim
    LEFT JOIN link l ON l.job_id = ${jobId} AND l.type = claim.type AND l.target_id = claim.target_id
    WHERE l.source_id <> claim.source_id OR (l.source_id IS NULL AND claim.nth > 1)`;
  return new Set(rows.map(({ id }) => id));
}

/** An account that was made anew under another id starts with no members noted. */
export async function saveLinks(tx: Tx, scope: PageScope, upserts: readonly LinkUpsert[]): Promise<void> {
  if (upserts.length === 0) return;
  const { jobId, tenantId, cycleId, at } = scope;
  const rows = json(upserts);
  const fresh = await tx.$queryRaw<{ id: string; replaced: boolean }[]>`
    SELECT r."sourceId" AS id, l.source_id IS NOT NULL AS replaced
    FROM jsonb_to_recordset(${rows}::jsonb) AS r("sourceId" text, "targetId" text)
    LEFT JOIN link l ON l.job_id = ${jobId} AND l.source_id = r."sourceId"
    WHERE l.target_id IS DISTINCT FROM r."targetId"`;
  const replaced = fresh.filter((row) => row.replaced).map(({ id }) => id);
  if (replaced.length > 0) {
    await forgetMembers(tx, jobId, replaced);
    await tx.$executeRaw`DELETE FROM link WHERE job_id = ${jobId} AND source_id = ANY(${replaced}::text[])`;
  }
  await tx.$executeRaw`
    INSERT INTO link (job_id, source_id, type, target_id, display_name, known, state, created_at, cycle_id,
                      members_read, references_due)
    SELECT ${jobId}, r."sourceId", r.type, r."targetId", r."displayName", r.known, coalesce(r.state, l.state, 'active'),
           ${at}, ${cycleId}, r.created, r.type = 'Group' OR o.manager_id IS NOT NULL
    FROM jsonb_to_recordset(${rows}::jsonb)
           AS r("sourceId" text, type text, "targetId" text, "displayName" text, known jsonb, state text, created boolean)
    LEFT JOIN link l ON l.job_id = ${jobId} AND l.source_id = r."sourceId"
    LEFT JOIN directory_object o ON o.tenant_id = ${tenantId} AND o.id = r."sourceId"
    ON CONFLICT (job_id, source_id) DO UPDATE
    SET display_name = excluded.display_name, known = excluded.known, state = excluded.state`;
  await askOwnersAgain(
    tx,
    scope,
    fresh.map(({ id }) => id),
  );
}

/** Groups that the newly linked are members of, also by nested groups, and users whose manager they are, can have their references now. */
async function askOwnersAgain(tx: Tx, { jobId, tenantId }: PageScope, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.$executeRaw`
    WITH RECURSIVE above(group_id) AS (
      SELECT group_id FROM directory_membership
      WHERE tenant_id = ${tenantId} AND member_id = ANY(${[...ids]}::text[]) AND present
      UNION
      SELECT m.group_id FROM above
      JOIN directory_membership m
        ON m.tenant_id = ${tenantId} AND m.member_id = above.group_id AND m.member_type = 'Group' AND m.present)
    UPDATE link SET references_due = true
    WHERE job_id = ${jobId} AND NOT references_due AND source_id IN (
      SELECT group_id FROM above
      UNION
      SELECT id FROM directory_object WHERE tenant_id = ${tenantId} AND manager_id = ANY(${[...ids]}::text[]))`;
}
