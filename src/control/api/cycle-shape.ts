// A cycle as /api shows it.
import { z } from 'zod';
import { cycleCounters, cyclePhases, cycleStates, cycleTypes } from '../../rules/model/job.ts';
import type { Cycle } from '../../rules/model/job.ts';
import type { JsonObject } from '../../rules/model/json.ts';

const time = z.iso.datetime().nullable();

export const cycleAnswer = z
  .strictObject({
    id: z.string(),
    jobId: z.string(),
    type: z.enum(cycleTypes),
    dryRun: z.boolean(),
    state: z.enum(cycleStates),
    phase: z.enum(cyclePhases),
    startedAt: time,
    endedAt: time,
    progress: z.strictObject({ done: z.int().min(0), total: z.int().min(0) }),
    counts: z.record(z.enum(cycleCounters), z.int().min(0)),
    error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  })
  .meta({ id: 'cycle' });

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
