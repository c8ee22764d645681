// How a cycle ends: its state, the job's watermark, and what it means for quarantine.
import { afterCycle } from '../rules/safety/quarantine.ts';
import type { Cycle, CycleError, CycleState } from '../rules/model/job.ts';
import type { Deps } from './ports.ts';
import type { JobPatch } from '../rules/model/records.ts';

/** Every page is recorded: the watermark moves, unless it was a what-if. */
export async function endSucceeded(deps: Deps, cycle: Cycle): Promise<void> {
  const at = deps.clock.now();
  const state: CycleState = cycle.counts.failed > 0 ? 'entryLevelErrors' : 'succeeded';
  const onDemand = cycle.trigger === 'onDemand';
  const watermark = cycle.dryRun || onDemand || cycle.to === null ? {} : { watermark: cycle.to };
  const ended = await deps.cycles.end(cycle.id, { state, at, error: null, ...watermark });
  if (!ended || cycle.dryRun || onDemand) return;
  await deps.jobs.update(cycle.jobId, await stateAfter(deps, cycle, at));
}

async function stateAfter(deps: Deps, cycle: Cycle, at: Date): Promise<JobPatch> {
  const job = await deps.jobs.get(cycle.jobId);
  // Also when this cycle held nothing: the quarantine lasts until everything held is approved or back in scope.
  const held = await deps.jobs.heldCount(cycle.jobId);
  const quarantine = afterCycle(
    job?.quarantine ?? null,
    held > 0 ? { kind: 'too-many-deletes', held } : { kind: 'ok' },
    at,
  );
  const { created, updated, disabled, restored, deleted, membersAdded, membersRemoved } = cycle.counts;
  const quiet =
    created + updated + disabled + restored + deleted + membersAdded + membersRemoved + cycle.counts.failed === 0;
  return {
    quarantine,
    successiveFailures: 0,
    forceDeletes: false,
    ...(quiet ? { steadyStateFirst: job?.steadyStateFirst ?? at, steadyStateLast: at } : {}),
  };
}

/** A system was lost or something is wrong with us: the watermark stays, the failure counts towards quarantine. */
export async function endFailed(deps: Deps, cycle: Cycle, error: CycleError): Promise<void> {
  const at = deps.clock.now();
  const ended = await deps.cycles.end(cycle.id, { state: 'failed', at, error });
  if (!ended || cycle.dryRun || cycle.trigger === 'onDemand') return;
  const job = await deps.jobs.get(cycle.jobId);
  if (job === null) return;
  await deps.jobs.update(cycle.jobId, {
    quarantine: afterCycle(job.quarantine, { kind: 'system-error', error }, at),
    successiveFailures: job.successiveFailures + 1,
  });
}
