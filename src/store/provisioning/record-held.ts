// Deletions that the guard holds back, until somebody approves them or their object is back in scope.
import type { Action, Outcome } from '../../rules/model/decisions.ts';
import { json } from '../database.ts';
import type { Tx } from '../database.ts';
import type { PageScope } from './record-links.ts';

type Destructive = Extract<Action, { readonly kind: 'disable' | 'delete' }>;
const isDestructive = (action: Action): action is Destructive => action.kind === 'disable' || action.kind === 'delete';

export async function recordHeld(tx: Tx, scope: PageScope, outcomes: readonly Outcome[]): Promise<void> {
  const held = outcomes.filter(({ kind }) => kind === 'held').map(({ action }) => action);
  const decided = outcomes
    .filter(({ kind }) => kind === 'applied' || kind === 'skipped')
    .map(({ action }) => action.sourceId);
  await holdBack(tx, scope, held.filter(isDestructive));
  if (decided.length > 0) {
    await tx.$executeRaw`DELETE FROM held_deletion WHERE job_id = ${scope.jobId} AND source_id = ANY(${decided}::text[])`;
  }
}

async function holdBack(tx: Tx, { jobId, cycleId, at }: PageScope, held: readonly Destructive[]): Promise<void> {
  if (held.length === 0) return;
  const rows = held.map(({ sourceId, type, kind, because, displayName, targetId }) => ({
    sourceId,
    type,
    kind,
    because,
    displayName,
    targetId,
  }));
  await tx.$executeRaw`
    INSERT INTO held_deletion (job_id, source_id, type, action, because, display_name, target_id, cycle_id, held_at)
    SELECT ${jobId}, r."sourceId", r.type, r.kind, r.because, r."displayName", r."targetId", ${cycleId}, ${at}
    FROM jsonb_to_recordset(${json(rows)}::jsonb)
           AS r("sourceId" text, type text, kind text, because text, "displayName" text, "targetId" text)
    ON CONFLICT (job_id, source_id) DO UPDATE
    SET action = excluded.action, because = excluded.because, display_name = excluded.display_name,
        target_id = excluded.target_id, cycle_id = excluded.cycle_id`;
}
