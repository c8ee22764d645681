// Escrow: what failed, how often, and when it is due again; success or a decided skip takes it out.
import type { ObjectError } from '../../rules/model/errors.ts';
import type { NextRetry } from '../../rules/model/escrow.ts';
import { causeOf } from '../../rules/safety/escrow-cause.ts';
import { json } from '../database.ts';
import type { Tx } from '../database.ts';

export interface Failure {
  readonly sourceId: string;
  /** `object`, or the reference attribute. */
  readonly subject: string;
  readonly action: string;
  readonly error: ObjectError;
  /** Of whom it is about: they tell no cause from another. */
  readonly names?: readonly string[];
}
export interface Settled {
  readonly sourceId: string;
  readonly subject: string;
}
export interface EscrowScope {
  readonly jobId: string;
  readonly tenantId: string;
  readonly at: Date;
  readonly nextRetry: NextRetry;
}

/** A failure that was given up, ignored or snoozed and came about anew is an ordinary one again. */
export async function recordFailures(tx: Tx, scope: EscrowScope, failures: readonly Failure[]): Promise<void> {
  if (failures.length === 0) return;
  const { jobId, tenantId, at } = scope;
  const before = await historyOf(tx, jobId, failures);
  const rows = failures.map(({ names = [], ...failure }) => {
    const { error, sourceId } = failure;
    const known = before.get(keyOf(failure));
    const attempts = (known?.attempts ?? 0) + 1;
    return {
      ...failure,
      code: error.code,
      cause: causeOf(error, [...names, sourceId]),
      attempts,
      ...scope.nextRetry(error, { attempts, firstFailed: known?.firstFailed ?? at, at }),
    };
  });
  await tx.$executeRaw`
    INSERT INTO escrow (job_id, source_id, type, subject, action, error, code, first_failed, last_failed, attempts,
                        next_retry, cause, state)
    SELECT ${jobId}, r."sourceId", coalesce(o.type, 'User'), r.subject, r.action, r.error, r.code, ${at}, ${at},
           r.attempts, r."nextRetry", r.cause, r.state
    FROM jsonb_to_recordset(${json(rows)}::jsonb)
           AS r("sourceId" text, subject text, action text, error jsonb, code text, attempts int, "nextRetry" timestamptz,
                cause text, state text)
    LEFT JOIN directory_object o ON o.tenant_id = ${tenantId} AND o.id = r."sourceId"
    ON CONFLICT (job_id, source_id, subject) DO UPDATE
    SET action = excluded.action, error = excluded.error, code = excluded.code, last_failed = excluded.last_failed,
        attempts = excluded.attempts, next_retry = excluded.next_retry, cause = excluded.cause, state = excluded.state`;
}

interface History {
  readonly attempts: number;
  readonly firstFailed: Date;
}
async function historyOf(tx: Tx, jobId: string, failures: readonly Failure[]): Promise<ReadonlyMap<string, History>> {
  const rows = await tx.escrow.findMany({
    where: { jobId, sourceId: { in: failures.map(({ sourceId }) => sourceId) } },
    select: { sourceId: true, subject: true, attempts: true, firstFailed: true },
  });
  return new Map(rows.map((row) => [keyOf(row), row]));
}
const keyOf = ({ sourceId, subject }: Settled): string => `${sourceId} ${subject}`;

export async function releaseEscrows(tx: Tx, jobId: string, settled: readonly Settled[]): Promise<void> {
  if (settled.length === 0) return;
  await tx.$executeRaw`
    DELETE FROM escrow e
    USING jsonb_to_recordset(${json(settled)}::jsonb) AS r("sourceId" text, subject text)
    WHERE e.job_id = ${jobId} AND e.source_id = r."sourceId" AND e.subject = r.subject`;
}
