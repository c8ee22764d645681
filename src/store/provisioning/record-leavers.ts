// Leavers of a cycle between being found and being decided. One that nobody decided stays for the next cycle.
import type { Outcome } from '../../rules/model/decisions.ts';
import type { Page } from '../../rules/model/job.ts';
import type { FoundLeavers, StagedLeaver } from '../../rules/model/records.ts';
import { json } from '../database.ts';
import type { Tx } from '../database.ts';
import { releaseHeld } from './record-held.ts';
import type { PageScope } from './record-links.ts';

/** What earlier cycles left of these objects is seen to now. A what-if releases nothing. */
export async function stageLeavers(
  tx: Tx,
  scope: PageScope,
  { objectIds }: Page,
  { staged, cleared }: FoundLeavers,
  dryRun: boolean,
): Promise<void> {
  await stage(tx, scope, staged);
  if (dryRun) return;
  await releaseHeld(tx, scope, cleared);
  await tx.$executeRaw`
    DELETE FROM staged_deletion s USING cycle c
    WHERE s.job_id = ${scope.jobId} AND s.source_id = ANY(${[...objectIds]}::text[])
      AND c.id = s.cycle_id AND c.ended_at IS NOT NULL AND NOT c.suspended AND c.id <> ${scope.cycleId}`;
}

/** Of an object page: who was decided is staged no more, and who left scope after the judgement is there for the next cycle. */
export async function settleLeavers(tx: Tx, scope: PageScope, outcomes: readonly Outcome[]): Promise<void> {
  const ids = outcomes.map(({ action }) => action.sourceId);
  await tx.$executeRaw`
    DELETE FROM staged_deletion WHERE cycle_id = ${scope.cycleId} AND source_id = ANY(${ids}::text[])`;
  await stage(tx, scope, outcomes.flatMap(postponed));
}

const postponed = (outcome: Outcome): readonly StagedLeaver[] =>
  outcome.kind === 'postponed'
    ? [{ sourceId: outcome.action.sourceId, type: outcome.action.type, because: outcome.action.because, fresh: true }]
    : [];

async function stage(tx: Tx, { jobId, cycleId }: PageScope, staged: readonly StagedLeaver[]): Promise<void> {
  if (staged.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO staged_deletion (cycle_id, source_id, job_id, type, because, fresh)
    SELECT ${cycleId}, r."sourceId", ${jobId}, r.type, r.because, r.fresh
    FROM jsonb_to_recordset(${json(staged)}::jsonb) AS r("sourceId" text, type text, because text, fresh boolean)
    ON CONFLICT (cycle_id, source_id) DO NOTHING`;
}
