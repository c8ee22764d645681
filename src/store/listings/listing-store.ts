// Accounts of a target as a listing showed them, kept while a cycle matches by them. Fits ListingStore of the cycle.
import type { Job, ScopeSetting } from '../../rules/model/job.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import type { ListedAccount, ListedEntry, ListedKey, Listing } from '../../rules/model/records.ts';
import type { ObjectType } from '../../rules/model/source-object.ts';
import type { ResourceType } from '../../rules/model/target.ts';
import { json } from '../database.ts';
import type { Database, Tx } from '../database.ts';
import { exclusively } from '../exclusively.ts';
import { Prisma } from '../generated/client.ts';

export type ListingRecords = ReturnType<typeof listingStore>;

export function listingStore(database: Database) {
  const { prisma } = database;
  return {
    get: (cycleId: string, type: ResourceType) => readListing(prisma, cycleId, type),
    exclusively: <T>(cycleId: string, type: ResourceType, work: () => Promise<T>) =>
      exclusively(database, `listing ${type} ${cycleId}`, work),
    toMatch: (job: Job, cycleId: string, type: ObjectType, scope: ScopeSetting) =>
      countToMatch(prisma, job, { cycleId, type, scope }),
    savePage: (listing: Listing, entries: readonly ListedEntry[]) =>
      database.transaction((tx) => savePage(tx, listing, entries)),
    takeChecks: (cycleId: string, type: ResourceType, checks: Checks) => takeChecks(prisma, { cycleId, type }, checks),
    find: (cycleId: string, type: ResourceType, keys: readonly ListedKey[]) => find(prisma, { cycleId, type }, keys),
    add: (cycleId: string, type: ResourceType, entries: readonly ListedEntry[]) =>
      database.transaction(async (tx) => {
        await insertEntries(tx, { cycleId, type }, entries);
      }),
    linksMissing: (jobId: string, linked: ObjectType, cycleId: string, type: ResourceType) =>
      linksMissing(prisma, { jobId, linked }, { cycleId, type }),
  };
}

type Key = Pick<Listing, 'cycleId' | 'type'>;

async function readListing(tx: Tx, cycleId: string, type: ResourceType): Promise<Listing | null> {
  const row = await tx.targetListing.findUnique({ where: { cycleId_type: { cycleId, type } } });
  if (row === null) return null;
  const { position, lastId, received, requests, partial } = row;
  return { cycleId, type, state: row.state as Listing['state'], position, lastId, received, requests, partial };
}

/** Objects on the pages of the cycle that have no link and, as far as assignments tell, are in scope. */
async function countToMatch(
  tx: Tx,
  { id, tenantId, servicePrincipalId }: Job,
  { cycleId, type, scope }: { readonly cycleId: string; readonly type: ObjectType; readonly scope: ScopeSetting },
): Promise<number> {
  const assigned = Prisma.sql`
    AND EXISTS (SELECT 1 FROM directory_assignment a
                LEFT JOIN directory_membership m ON m.tenant_id = a.tenant_id AND m.group_id = a.principal_id
                 AND m.member_id = object.id AND m.present
                WHERE a.tenant_id = ${tenantId} AND a.service_principal_id = ${servicePrincipalId} AND a.present
                  AND (a.principal_id = object.id OR m.member_id IS NOT NULL))`;
  const [row] = await tx.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) AS count FROM page p
    CROSS JOIN LATERAL unnest(p.object_ids) AS object(id)
    WHERE p.cycle_id = ${cycleId} AND p.phase IN ('users', 'groups')
      AND (SELECT o.type = ${type} AND o.presence = 'live' FROM directory_object o
           WHERE o.tenant_id = ${tenantId} AND o.id = object.id)
      AND NOT EXISTS (SELECT 1 FROM link l WHERE l.job_id = ${id} AND l.source_id = object.id)
      ${scope === 'all' ? Prisma.empty : assigned}`;
  return Number(row?.count ?? 0);
}

/** Answers how many of the entries were not listed before; `null` when the cycle has ended, and its listing with it. */
async function savePage(tx: Tx, listing: Listing, entries: readonly ListedEntry[]): Promise<number | null> {
  const alive = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM cycle WHERE id = ${listing.cycleId} AND ended_at IS NULL FOR SHARE`;
  if (alive.length === 0) return null;
  const { cycleId, type, ...rest } = listing;
  await tx.targetListing.upsert({
    where: { cycleId_type: { cycleId, type } },
    create: listing,
    update: rest,
  });
  return insertEntries(tx, listing, entries);
}

async function insertEntries(tx: Tx, { cycleId, type }: Key, entries: readonly ListedEntry[]): Promise<number> {
  if (entries.length === 0) return 0;
  const fresh = await tx.$executeRaw`
    INSERT INTO listed_resource (cycle_id, type, id, attributes)
    SELECT ${cycleId}, ${type}, r.id, r.attributes
    FROM jsonb_to_recordset(${json(entries)}::jsonb) AS r(id text, attributes jsonb)
    ON CONFLICT (cycle_id, type, id) DO NOTHING`;
  await tx.$executeRaw`
    INSERT INTO listed_value (cycle_id, type, path, value, id)
    SELECT DISTINCT ${cycleId}, ${type}, v.path, md5(v.value), r.id
    FROM jsonb_to_recordset(${json(entries)}::jsonb) AS r(id text, "values" jsonb)
    CROSS JOIN LATERAL jsonb_to_recordset(r."values") AS v(path text, value text)
    ON CONFLICT (cycle_id, type, path, value, id) DO NOTHING`;
  return fresh;
}

interface Checks {
  readonly wanted: number;
  /** Over all pages of the cycle. */
  readonly most: number;
}

/** Answers how many of the wanted checks are still to be made, and counts them as made. */
async function takeChecks(tx: Tx, { cycleId, type }: Key, { wanted, most }: Checks): Promise<number> {
  const [row] = await tx.$queryRaw<{ taken: number }[]>`
    WITH before AS (
      SELECT checks FROM target_listing WHERE cycle_id = ${cycleId} AND type = ${type} AND checks < ${most} FOR UPDATE)
    UPDATE target_listing l SET checks = least(${most}, before.checks + ${wanted}) FROM before
    WHERE cycle_id = ${cycleId} AND type = ${type}
    RETURNING l.checks - before.checks AS taken`;
  return row?.taken ?? 0;
}

interface FoundRow extends ListedKey {
  readonly id: string;
  readonly attributes: JsonObject;
}

async function find(tx: Tx, { cycleId, type }: Key, keys: readonly ListedKey[]): Promise<readonly ListedAccount[]> {
  const rows = await tx.$queryRaw<FoundRow[]>`
    SELECT DISTINCT k.path, k.value, r.id, r.attributes
    FROM jsonb_to_recordset(${json(keys)}::jsonb) AS k(path text, value text)
    JOIN listed_value v ON v.cycle_id = ${cycleId} AND v.type = ${type} AND v.path = k.path AND v.value = md5(k.value)
    JOIN listed_resource r ON r.cycle_id = v.cycle_id AND r.type = v.type AND r.id = v.id
    ORDER BY r.id`;
  return rows.map(({ path, value, id, attributes }) => ({ path, value, resource: { id, attributes } }));
}

/** Linked accounts that the listing does not show. */
async function linksMissing(
  tx: Tx,
  { jobId, linked }: { readonly jobId: string; readonly linked: ObjectType },
  { cycleId, type }: Key,
): Promise<number> {
  const [row] = await tx.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) AS count FROM link l
    WHERE l.job_id = ${jobId} AND l.type = ${linked}
      AND NOT EXISTS (SELECT 1 FROM listed_resource r
                      WHERE r.cycle_id = ${cycleId} AND r.type = ${type} AND r.id = l.target_id)`;
  return Number(row?.count ?? 0);
}

/** Listings of the job's cycles that have ended. */
export async function dropListings(tx: Tx, jobId: string): Promise<void> {
  for (const table of ['listed_value', 'listed_resource', 'target_listing'])
    await tx.$executeRaw`
      DELETE FROM ${Prisma.raw(table)} x USING cycle c
      WHERE c.id = x.cycle_id AND c.job_id = ${jobId} AND c.ended_at IS NOT NULL`;
}
