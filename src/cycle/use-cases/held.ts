// What the deletion guard holds: looking at it, and deciding about it with a reason that stays in the audit log.
import type { HeldFilter, HeldObject, HeldSelection } from '../../rules/model/held.ts';
import type { Decided } from '../../rules/model/held.ts';
import type { Job } from '../../rules/model/job.ts';
import { audit } from './audit.ts';
import type { UseCaseDeps } from './deps.ts';

export interface Decision {
  readonly decision: Decided['decision'];
  readonly which: HeldSelection;
  readonly reason: string;
  readonly actor: string;
}

export const listHeld = (
  deps: UseCaseDeps,
  job: Job,
  filter: HeldFilter,
  part: { readonly skip: number; readonly limit: number },
): Promise<{ readonly held: readonly HeldObject[]; readonly count: number }> => deps.held.list(job.id, filter, part);

/** What is approved is evaluated again and carried out by the next cycle. Answers the ids that were decided. */
export async function decideHeld(
  deps: UseCaseDeps,
  job: Job,
  { decision, which, reason, actor }: Decision,
): Promise<readonly string[]> {
  const ids = await deps.held.decide(job.id, which, { decision, at: deps.clock.now(), by: actor, reason });
  await audit(deps, {
    actor,
    activity: decision === 'approved' ? 'Approve held deletions' : 'Reject held deletions',
    jobId: job.id,
    servicePrincipalId: job.servicePrincipalId,
    after: { reason, count: ids.length, ids, ...('filter' in which ? { filter: { ...which.filter } } : {}) },
  });
  return ids;
}

/** As Graph's ForceDeletes: what is held at this moment; what comes later is judged anew. */
export const approveAllHeld = (
  deps: UseCaseDeps,
  job: Job,
  actor: string,
  reason: string,
): Promise<readonly string[]> =>
  decideHeld(deps, job, { decision: 'approved', which: { filter: { decision: 'waiting' } }, reason, actor });
