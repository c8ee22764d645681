// Failures of a job grouped by their cause, the most frequent first.
import type { ObjectError, ObjectErrorCode } from '../../rules/model/errors.ts';
import type { EscrowCauseEntry, EscrowState } from '../../rules/model/escrow.ts';
import type { Tx } from '../database.ts';

interface Row {
  readonly cause: string;
  readonly code: ObjectErrorCode;
  readonly error: ObjectError;
  readonly source_id: string;
  readonly states: Readonly<Partial<Record<EscrowState, number>>>;
  readonly count: bigint;
  readonly first_failed: Date;
  readonly last_failed: Date;
  readonly next_retry: Date | null;
}

export async function readCauses(tx: Tx, jobId: string): Promise<readonly EscrowCauseEntry[]> {
  const rows = await tx.$queryRaw<Row[]>`
    WITH by_state AS (
      SELECT cause, state, count(*) AS n, min(first_failed) AS first_failed, max(last_failed) AS last_failed,
             min(next_retry) AS next_retry
      FROM escrow WHERE job_id = ${jobId} GROUP BY cause, state),
    newest AS (
      SELECT DISTINCT ON (cause) cause, code, error, source_id
      FROM escrow WHERE job_id = ${jobId} ORDER BY cause, last_failed DESC, source_id)
    SELECT n.cause, n.code, n.error, n.source_id, jsonb_object_agg(s.state, s.n) AS states, sum(s.n)::bigint AS count,
           min(s.first_failed) AS first_failed, max(s.last_failed) AS last_failed, min(s.next_retry) AS next_retry
    FROM newest n JOIN by_state s ON s.cause = n.cause
    GROUP BY n.cause, n.code, n.error, n.source_id
    ORDER BY count DESC, n.cause`;
  return rows.map((row) => ({
    cause: row.cause,
    code: row.code,
    attribute: row.error.attribute ?? null,
    example: { sourceId: row.source_id, message: row.error.message },
    count: Number(row.count),
    states: row.states,
    firstFailed: row.first_failed,
    lastFailed: row.last_failed,
    nextRetry: row.next_retry,
  }));
}
