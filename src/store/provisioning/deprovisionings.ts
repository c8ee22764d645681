// The ledger of what was taken away: the limits of the deletion guard look back over it.
import { isDeprovisioning } from '../../rules/model/decisions.ts';
import type { Outcome } from '../../rules/model/decisions.ts';
import { json } from '../database.ts';
import type { Tx } from '../database.ts';
import type { PageScope } from './record-links.ts';

/** As far back as any limit looks. */
const KEPT_MS = 7 * 24 * 3_600_000;

/** Before held deletions are released: they say what was approved. */
export async function noteDeprovisionings(
  tx: Tx,
  { jobId, cycleId, at }: PageScope,
  outcomes: readonly Outcome[],
): Promise<void> {
  const rows = outcomes
    .filter(({ kind, action }) => kind === 'applied' && isDeprovisioning(action))
    .map(({ action: { sourceId, type } }) => ({ sourceId, type }));
  if (rows.length === 0) return;
  await tx.deprovisioning.deleteMany({ where: { jobId, at: { lt: new Date(at.getTime() - KEPT_MS) } } });
  await tx.$executeRaw`
    INSERT INTO deprovisioning (job_id, kind, source_id, cycle_id, at, approved)
    SELECT ${jobId}, r.type, r."sourceId", ${cycleId}, ${at}, h.decision IS NOT NULL
    FROM jsonb_to_recordset(${json(rows)}::jsonb) AS r("sourceId" text, type text)
    LEFT JOIN held_deletion h
      ON h.job_id = ${jobId} AND h.source_id = r."sourceId" AND h.subject = 'object' AND h.decision = 'approved'`;
}
