// Reading the provisioning log: the store narrows down as far as it can, `matches` decides, and pages come out full.
import type { LogEntry } from '../../rules/model/log.ts';
import type { LogQuery } from '../../rules/model/records.ts';
import type { UseCaseDeps } from './deps.ts';
import { notFound } from './not-found.ts';

export interface LogPage {
  readonly entries: readonly LogEntry[];
  /** Cursor of the next page; `null` after the last one. */
  readonly next: string | null;
}

/** Entries read from the store at a time, and at most, for one page of matches. */
const CHUNK = 500;
const MOST_READ = 20_000;

/** A page shorter than `query.limit` may have a next one: very rare matches are not looked for in one go. */
export async function queryLogs(
  deps: UseCaseDeps,
  query: LogQuery,
  matches: (entry: LogEntry) => boolean,
): Promise<LogPage> {
  const found: LogEntry[] = [];
  let cursor: string | null = query.cursor ?? null;
  let size = query.limit;
  for (let read = 0; read < MOST_READ; read += size) {
    const page = await upTo(
      deps,
      { ...query, limit: size, ...(cursor === null ? {} : { cursor }) },
      query.limit - found.length,
      matches,
    );
    found.push(...page.entries);
    cursor = page.next;
    if (cursor === null || found.length >= query.limit) break;
    size = CHUNK;
  }
  return { entries: found, next: cursor };
}

/** A chunk with more matches than wanted is read again just as far as needed, because a cursor stands after a whole chunk. */
async function upTo(
  deps: UseCaseDeps,
  query: LogQuery,
  wanted: number,
  matches: (entry: LogEntry) => boolean,
): Promise<LogPage> {
  const page = await deps.logs.provisioning(query);
  const positions = page.entries.flatMap((entry, index) => (matches(entry) ? [index] : []));
  const last = positions[wanted - 1];
  if (positions.length <= wanted || last === undefined)
    return { entries: page.entries.filter(matches), next: page.next };
  const shorter = await deps.logs.provisioning({ ...query, limit: last + 1 });
  return { entries: shorter.entries.filter(matches), next: shorter.next };
}

/** Throws ConfigError when it does not exist. */
export async function getLogEntry(deps: UseCaseDeps, id: string): Promise<LogEntry> {
  const entry = await deps.logs.provisioningEntry(id);
  if (entry === null)
    throw notFound('Provisioning log entry', id, 'Entries are listed by GET /auditLogs/provisioning.');
  return entry;
}
