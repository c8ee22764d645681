// The provisioning log as it grows, for those who follow it. Fits FeedStore of the cycle.
import type { FeedPage, LogLine } from '../../rules/model/feed.ts';
import type { Database } from '../database.ts';

export type FeedRecords = ReturnType<typeof feedStore>;

interface FeedRow {
  readonly transaction: bigint;
  readonly id: bigint;
  readonly oldest: Date;
  readonly newest: Date;
  readonly log_ids: readonly string[];
}
interface Place {
  readonly transaction: bigint;
  readonly id: bigint;
}

/** Pages of a cycle that are told at once. */
const PAGES = 20;

export function feedStore({ prisma }: Database) {
  return {
    /** Everything that ended before now is behind it. */
    async end(): Promise<string> {
      const [row] = await prisma.$queryRaw<{ transaction: bigint }[]>`
        SELECT (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint - 1 AS transaction`;
      return textOf({ transaction: row?.transaction ?? 0n, id: END });
    },
    /** Throws RangeError for a place that was not given out. */
    async after(place: string): Promise<FeedPage> {
      const { transaction, id } = placeOf(place);
      const rows = await prisma.$queryRaw<FeedRow[]>`
        SELECT transaction, id, oldest, newest, log_ids FROM log_feed
        WHERE (transaction, id) > (${transaction}, ${id})
          AND transaction < (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint
        ORDER BY transaction, id LIMIT ${PAGES}`;
      const last = rows.at(-1);
      if (last === undefined) return { lines: [], place };
      return { lines: await linesOf(prisma, rows), place: textOf(last) };
    },
    async trim(before: Date): Promise<void> {
      await prisma.logFeed.deleteMany({ where: { at: { lt: before } } });
    },
  };
}

/** Behind every page of one transaction. */
const END = 9_223_372_036_854_775_807n;

const textOf = ({ transaction, id }: Place): string => `${String(transaction)}-${String(id)}`;

function placeOf(text: string): Place {
  const [, transaction, id] = /^(\d{1,19})-(\d{1,19})$/.exec(text) ?? [];
  if (transaction === undefined || id === undefined) throw new RangeError(`'${text}' is no place of the feed`);
  return { transaction: atMost(transaction), id: atMost(id) };
}
const atMost = (digits: string): bigint => (BigInt(digits) > END ? END : BigInt(digits));

async function linesOf(prisma: Database['prisma'], rows: readonly FeedRow[]): Promise<readonly LogLine[]> {
  const ids = rows.flatMap((row) => row.log_ids);
  const oldest = rows.map((row) => row.oldest).reduce((a, b) => (b < a ? b : a));
  const newest = rows.map((row) => row.newest).reduce((a, b) => (b > a ? b : a));
  const found = await prisma.$queryRaw<LogLine[]>`
    SELECT id, at, job_id AS "jobId", cycle_id AS "cycleId", action, status, error_code AS "errorCode",
           source_id AS "sourceId", source_name AS "sourceName", target_id AS "targetId", target_name AS "targetName"
    FROM provisioning_log WHERE id = ANY(${ids}) AND at BETWEEN ${oldest} AND ${newest}`;
  const byId = new Map(found.map((line) => [line.id, line]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
