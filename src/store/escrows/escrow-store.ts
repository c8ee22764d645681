// What is in escrow, and what people decided about it. Fits EscrowStore of the cycle.
import type { ObjectError, ObjectErrorCode } from '../../rules/model/errors.ts';
import type {
  EscrowCauseEntry,
  EscrowChoice,
  EscrowDecision,
  EscrowEntry,
  EscrowQuery,
  EscrowState,
} from '../../rules/model/escrow.ts';
import type { ObjectType } from '../../rules/model/source-object.ts';
import type { Standing } from '../../rules/safety/quarantine-thresholds.ts';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { readCauses } from './causes.ts';

export type EscrowRecords = ReturnType<typeof escrowStore>;

export function escrowStore({ prisma }: Database) {
  return {
    list: (jobId: string, query: EscrowQuery) => list(prisma, jobId, query),
    causes: (jobId: string): Promise<readonly EscrowCauseEntry[]> => readCauses(prisma, jobId),
    standing: (jobId: string): Promise<Standing> => standing(prisma, jobId),
    /** Answers how many failures it was about. */
    decide: (jobId: string, choice: EscrowChoice, decision: EscrowDecision): Promise<number> =>
      decide(prisma, jobId, choice, decision),
    /** Makes failures with these codes due; what somebody ignores or snoozes stays so. Answers how many. */
    wake: (jobId: string, codes: readonly ObjectErrorCode[], at: Date): Promise<number> => prisma.$executeRaw`
      UPDATE escrow SET next_retry = ${at}, state = 'retrying'
      WHERE job_id = ${jobId} AND code = ANY(${[...codes]}::text[]) AND state IN ('retrying', 'waiting', 'givenUp')
        AND (next_retry IS NULL OR next_retry > ${at})`,
  };
}
type Reader = Database['prisma'];

interface Row {
  readonly source_id: string;
  readonly type: ObjectType;
  readonly subject: string;
  readonly display_name: string | null;
  readonly action: string;
  readonly error: ObjectError;
  readonly cause: string;
  readonly state: EscrowState;
  readonly attempts: number;
  readonly first_failed: Date;
  readonly last_failed: Date;
  readonly next_retry: Date | null;
  readonly note: string | null;
  readonly noted_by: string | null;
}

/** In the order of source ids. */
async function list(
  prisma: Reader,
  jobId: string,
  query: EscrowQuery,
): Promise<{ readonly entries: readonly EscrowEntry[]; readonly next: string | null }> {
  const after = query.cursor === undefined ? null : readCursor(query.cursor);
  const rows = await prisma.$queryRaw<Row[]>`
    SELECT e.source_id, e.type, e.subject, coalesce(l.display_name, o.attributes ->> 'displayName') AS display_name,
           e.action, e.error, e.cause, e.state, e.attempts, e.first_failed, e.last_failed, e.next_retry, e.note, e.noted_by
    FROM escrow e
    JOIN job j ON j.id = e.job_id
    LEFT JOIN link l ON l.job_id = e.job_id AND l.source_id = e.source_id
    LEFT JOIN directory_object o ON o.tenant_id = j.tenant_id AND o.id = e.source_id
    WHERE e.job_id = ${jobId}
      ${query.cause === undefined ? Prisma.empty : Prisma.sql`AND e.cause = ${query.cause}`}
      ${query.code === undefined ? Prisma.empty : Prisma.sql`AND e.code = ${query.code}`}
      ${query.state === undefined ? Prisma.empty : Prisma.sql`AND e.state = ${query.state}`}
      ${query.sourceId === undefined ? Prisma.empty : Prisma.sql`AND e.source_id = ${query.sourceId}`}
      ${after === null ? Prisma.empty : Prisma.sql`AND (e.source_id, e.subject) > (${after.sourceId}, ${after.subject})`}
    ORDER BY e.source_id, e.subject LIMIT ${query.limit + 1}`;
  const entries = rows.slice(0, query.limit).map(toEntry);
  const last = entries.at(-1);
  return { entries, next: rows.length > query.limit && last !== undefined ? cursorAfter(last) : null };
}

const toEntry = (row: Row): EscrowEntry => ({
  sourceId: row.source_id,
  type: row.type,
  subject: row.subject,
  displayName: row.display_name,
  action: row.action,
  error: row.error,
  cause: row.cause,
  state: row.state,
  attempts: row.attempts,
  firstFailed: row.first_failed,
  lastFailed: row.last_failed,
  nextRetry: row.next_retry,
  note: row.note,
  notedBy: row.noted_by,
});

type Position = Pick<EscrowEntry, 'sourceId' | 'subject'>;
const cursorAfter = ({ sourceId, subject }: Position): string =>
  Buffer.from(JSON.stringify([sourceId, subject])).toString('base64url');
/** What is no cursor of ours begins at the beginning. */
function readCursor(cursor: string): Position | null {
  try {
    const [sourceId, subject] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    return typeof sourceId === 'string' && typeof subject === 'string' ? { sourceId, subject } : null;
  } catch {
    return null;
  }
}

async function standing(prisma: Reader, jobId: string): Promise<Standing> {
  const [row] = await prisma.$queryRaw<{ objects: bigint; references: bigint }[]>`
    SELECT count(*) FILTER (WHERE subject = 'object') AS objects, count(*) FILTER (WHERE subject <> 'object') AS references
    FROM escrow WHERE job_id = ${jobId} AND state <> 'ignored'`;
  const [linked] = await prisma.$queryRaw<{ good: bigint }[]>`
    SELECT count(*) AS good FROM link l
    WHERE l.job_id = ${jobId} AND NOT EXISTS (
      SELECT 1 FROM escrow e WHERE e.job_id = l.job_id AND e.source_id = l.source_id AND e.subject = 'object')`;
  return {
    failedObjects: Number(row?.objects ?? 0),
    failedReferences: Number(row?.references ?? 0),
    good: Number(linked?.good ?? 0),
  };
}

/** The version is that of the object whose change lifts the decision: of the member, where it is about one. */
function decide(prisma: Reader, jobId: string, choice: EscrowChoice, decision: EscrowDecision): Promise<number> {
  const { state, nextRetry, note, notedBy } = decision;
  return prisma.$executeRaw`
    UPDATE escrow e
    SET state = ${state}, next_retry = ${nextRetry}, note = ${note}, noted_by = ${notedBy},
        seen_version = CASE WHEN ${state} = 'retrying' THEN NULL ELSE (
          SELECT o.version FROM directory_object o JOIN job j ON j.tenant_id = o.tenant_id
          WHERE j.id = ${jobId}
            AND o.id = CASE WHEN e.subject LIKE 'members/%' THEN substr(e.subject, 9) ELSE e.source_id END) END
    WHERE e.job_id = ${jobId} AND ${chosen(choice)}`;
}

function chosen(choice: EscrowChoice): Prisma.Sql {
  if ('all' in choice) return Prisma.sql`true`;
  if ('cause' in choice) return Prisma.sql`e.cause = ${choice.cause}`;
  const ids = [...choice.ids];
  return Prisma.sql`(e.source_id = ANY(${ids}::text[]) OR e.source_id || '/' || e.subject = ANY(${ids}::text[]))`;
}
