// A cycle as /api shows it.
import type { Cycle } from '../../rules/model/job.ts';
import type { JsonObject } from '../../rules/model/json.ts';

export const cycleShape = (cycle: Cycle): JsonObject => ({
  id: cycle.id,
  jobId: cycle.jobId,
  type: cycle.type,
  dryRun: cycle.dryRun,
  state: cycle.state,
  phase: cycle.phase,
  startedAt: cycle.startedAt?.toISOString() ?? null,
  endedAt: cycle.endedAt?.toISOString() ?? null,
  progress: { done: cycle.progress.done, total: cycle.progress.total },
  counts: { ...cycle.counts },
  ...(cycle.error === null ? {} : { error: { code: cycle.error.code, message: cycle.error.message } }),
});
