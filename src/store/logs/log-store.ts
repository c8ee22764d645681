// The provisioning log, page by page, and the audit log. Fits LogStore of the cycle.
import type { AuditEntry, LogEntry } from '../../rules/model/log.ts';
import { jsonValue } from '../database.ts';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { cursorAt, placeOf } from './cursor.ts';
import type { LogQuery } from '../../rules/model/records.ts';

export type LogRecords = ReturnType<typeof logStore>;

export function logStore({ prisma }: Database) {
  return {
    /** Newest first unless `ascending`; `next` is null on the last page. */
    async provisioning(
      query: LogQuery,
    ): Promise<{ readonly entries: readonly LogEntry[]; readonly next: string | null }> {
      const order = query.ascending === true ? 'asc' : 'desc';
      const rows = await prisma.provisioningLog.findMany({
        where: conditions(query),
        orderBy: [{ at: order }, { id: order }],
        take: query.limit + 1,
        select: { at: true, id: true, entry: true },
      });
      const page = rows.slice(0, query.limit);
      const last = rows.length > query.limit ? page.at(-1) : undefined;
      return { entries: page.map(({ entry }) => toEntry(entry)), next: last === undefined ? null : cursorAt(last) };
    },
    async provisioningEntry(id: string): Promise<LogEntry | null> {
      const row = await prisma.provisioningLog.findUnique({ where: { id }, select: { entry: true } });
      return row === null ? null : toEntry(row.entry);
    },
    async audit({ before, after, ...entry }: AuditEntry): Promise<void> {
      const stored = (value: AuditEntry['before']) => (value === null ? Prisma.DbNull : jsonValue(value));
      await prisma.auditLog.create({ data: { ...entry, before: stored(before), after: stored(after) } });
    },
  };
}

function conditions(query: LogQuery): Prisma.ProvisioningLogWhereInput {
  const { jobId, cycleId, changeId, servicePrincipalId, action, status, sourceId, targetId } = query;
  const equal = Object.entries({ jobId, cycleId, changeId, servicePrincipalId, action, status, sourceId, targetId });
  const { sourceNameContains: name, after, before } = query;
  return {
    ...Object.fromEntries(equal.filter(([, value]) => value !== undefined)),
    ...(name === undefined ? {} : { sourceName: { contains: literally(name), mode: 'insensitive' as const } }),
    AND: [
      ...(after === undefined ? [] : [{ at: { gte: after } }]),
      ...(before === undefined ? [] : [{ at: { lte: before } }]),
      ...(query.cursor === undefined ? [] : [beyond(query.cursor, query.ascending === true)]),
    ],
  };
}

/** Prisma passes the wildcards of LIKE through. */
const literally = (text: string): string => text.replaceAll(/[\\%_]/g, '\\$&');

/** The redundant bound on `at` alone lets the index do the work. */
function beyond(cursor: string, ascending: boolean): Prisma.ProvisioningLogWhereInput {
  const { at, id } = placeOf(cursor);
  return ascending
    ? { at: { gte: at }, OR: [{ at: { gt: at } }, { id: { gt: id } }] }
    : { at: { lte: at }, OR: [{ at: { lt: at } }, { id: { lt: id } }] };
}

function toEntry(stored: Prisma.JsonValue): LogEntry {
  const entry = stored as unknown as Omit<LogEntry, 'activityDateTime'> & { readonly activityDateTime: string };
  return { ...entry, activityDateTime: new Date(entry.activityDateTime) };
}
