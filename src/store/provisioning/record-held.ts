// Disables and deletes that the guard holds back, until somebody approves them or their object is back in scope.
import { isDeprovisioning, leavesHeld } from '../../rules/model/decisions.ts';
import type { Outcome } from '../../rules/model/decisions.ts';
import { json } from '../database.ts';
import type { Tx } from '../database.ts';
import type { PageScope } from './record-links.ts';

export async function recordHeld(tx: Tx, scope: PageScope, outcomes: readonly Outcome[]): Promise<void> {
  await holdBack(tx, scope, outcomes.filter(isHeld));
  await releaseHeld(
    tx,
    scope,
    outcomes.filter(endsHolding).map(({ action }) => action.sourceId),
  );
}

export async function releaseHeld(tx: Tx, { jobId }: PageScope, sourceIds: readonly string[]): Promise<void> {
  if (sourceIds.length === 0) return;
  await tx.$executeRaw`
    DELETE FROM held_deletion
    WHERE job_id = ${jobId} AND subject = 'object' AND source_id = ANY(${[...sourceIds]}::text[])`;
}

type Held = Extract<Outcome, { readonly kind: 'held' }>;
const isHeld = (outcome: Outcome): outcome is Held => outcome.kind === 'held';

/** It was carried out, or something else is to be done with the object now: what was held does not stand any more. */
function endsHolding({ kind, action }: Outcome): boolean {
  if (kind === 'held' || kind === 'postponed' || action.kind === 'refuse') return false;
  if (action.kind === 'skip') return !leavesHeld(action.because);
  return kind === 'applied' || !isDeprovisioning(action);
}

/** What was decided meanwhile stands, unless it was about something else. */
async function holdBack(tx: Tx, { jobId, cycleId, at }: PageScope, held: readonly Held[]): Promise<void> {
  if (held.length === 0) return;
  const rows = held.map(({ action: { sourceId, type, kind, because, displayName, targetId }, why, evidence }) => ({
    ...{ sourceId, type, kind, because, displayName, targetId },
    ...{ why, evidence },
  }));
  await tx.$executeRaw`
    INSERT INTO held_deletion AS h
      (job_id, source_id, type, action, because, display_name, target_id, why, evidence, cycle_id, held_at)
    SELECT ${jobId}, r."sourceId", r.type, r.kind, r.because, r."displayName", r."targetId", r.why, r.evidence,
           ${cycleId}, ${at}
    FROM jsonb_to_recordset(${json(rows)}::jsonb)
           AS r("sourceId" text, type text, kind text, because text, "displayName" text, "targetId" text, why text,
                evidence jsonb)
    ON CONFLICT (job_id, source_id, subject) DO UPDATE
    SET action = excluded.action, because = excluded.because, display_name = excluded.display_name,
        target_id = excluded.target_id, why = excluded.why, evidence = excluded.evidence, cycle_id = excluded.cycle_id,
        decision = CASE WHEN h.action <> excluded.action OR (h.decision = 'rejected' AND h.because <> excluded.because)
                        THEN 'waiting' ELSE h.decision END`;
}
