// What the deletion guard holds: looking at it, and deciding about it with a reason that stays in the audit log.
import type { Decided, HeldFilter, HeldSelection } from '../../rules/model/held.ts';
import type { Job } from '../../rules/model/job.ts';
import type { HeldPage, HeldPart } from '../ports.ts';
import { audit } from './audit.ts';
import { runCycle } from './cycles.ts';
import type { UseCaseDeps } from './deps.ts';

export interface Decision {
  readonly decision: Decided['decision'];
  readonly which: HeldSelection;
  readonly reason: string;
  /** A cycle is begun at once. */
  readonly run: boolean;
  readonly actor: string;
}
export interface DecidedHeld {
  readonly ids: readonly string[];
  /** The cycle that was begun, or that runs already. */
  readonly cycleId: string | null;
}

export const listHeld = (deps: UseCaseDeps, job: Job, filter: HeldFilter, part: HeldPart): Promise<HeldPage> =>
  deps.held.list(job.id, filter, part);

/** What is approved is evaluated again and carried out by the next cycle. */
export async function decideHeld(
  deps: UseCaseDeps,
  job: Job,
  { decision, which, reason, run, actor }: Decision,
): Promise<DecidedHeld> {
  const ids = await deps.held.decide(job.id, which, { decision, at: deps.clock.now(), by: actor, reason });
  await audit(deps, {
    actor,
    activity: decision === 'approved' ? 'Approve held deletions' : 'Reject held deletions',
    jobId: job.id,
    servicePrincipalId: job.servicePrincipalId,
    after: { reason, count: ids.length, ids, ...('filter' in which ? { filter: { ...which.filter } } : {}) },
  });
  if (!run || ids.length === 0) return { ids, cycleId: null };
  const { cycle } = await runCycle(deps, job, { type: 'incremental', dryRun: false, trigger: 'operator', actor });
  return { ids, cycleId: cycle.id };
}

/** As Graph's ForceDeletes: what is held at this moment; what comes later is judged anew. */
export const approveAllHeld = (deps: UseCaseDeps, job: Job, actor: string, reason: string): Promise<DecidedHeld> =>
  decideHeld(deps, job, {
    decision: 'approved',
    which: { filter: { decision: 'waiting' } },
    reason,
    run: false,
    actor,
  });
