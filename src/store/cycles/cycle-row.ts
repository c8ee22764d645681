// A cycle as the table holds it, and as the rest of Provisor knows it.
import { addCounts, noCounts } from '../../rules/model/job.ts';
import type { Cycle, CycleCounts, CycleError, CyclePhase, CycleState, CycleType } from '../../rules/model/job.ts';
import type { Judgement } from '../../rules/model/held.ts';
import type { Cycle as CycleRow } from '../generated/client.ts';

export function toCycle(row: CycleRow): Cycle {
  const { id, jobId, dryRun, queuedAt, startedAt, endedAt, schemaVersion, done, total, resumed } = row;
  return {
    id,
    jobId,
    dryRun,
    queuedAt,
    startedAt,
    endedAt,
    schemaVersion,
    resumed,
    type: row.type as CycleType,
    trigger: row.trigger as Cycle['trigger'],
    onlyMembers: row.trigger === 'onDemand' ? row.onlyMembers : null,
    state: row.state as CycleState,
    phase: row.phase as CyclePhase,
    from: Number(row.fromVersion),
    to: row.toVersion === null ? null : Number(row.toVersion),
    progress: { done, total },
    counts: addCounts(noCounts, row.counts as Partial<CycleCounts>),
    guard: row.guard as Judgement | null,
    error: row.error as CycleError | null,
    probing: row.probing,
    escrowed: row.escrowed,
  };
}
