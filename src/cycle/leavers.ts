// Leavers first: who is to be disabled or deleted is known as a whole, and judged, before anybody loses anything. Only scope
// and plan are asked here, never the target.
import { isDeprovisioning, leavesHeld } from '../rules/model/decisions.ts';
import type { Cycle, Page } from '../rules/model/job.ts';
import type { Judgement } from '../rules/model/held.ts';
import type { FoundLeavers, StagedLeaver } from '../rules/model/records.ts';
import { isFresh, judgeLeavers } from '../rules/safety/deletion-guard.ts';
import { isOurs } from './match-page.ts';
import { planOf } from './plan-of.ts';
import type { Deps } from './ports.ts';
import type { RunContext } from './run-context.ts';
import { scopePage } from './scope-page.ts';
import type { Scoped } from './stages.ts';

/** The leavers of a page of objects that have, or may have, an account. */
export async function findLeavers(deps: Deps, context: RunContext, { objectIds }: Page): Promise<FoundLeavers> {
  const imported = await deps.provisioning.candidates(context.job, objectIds, context.namedGroups);
  const found = scopePage(context, imported).map((scoped) => leaverOf(deps, context, scoped));
  return {
    staged: found.flatMap(({ staged }) => staged ?? []),
    cleared: found.flatMap(({ cleared }) => cleared ?? []),
  };
}

interface Found {
  readonly staged?: StagedLeaver;
  readonly cleared?: string;
}

function leaverOf(deps: Deps, context: RunContext, scoped: Scoped): Found {
  const { candidate, rule, scope } = scoped;
  const { id, type } = candidate.object;
  if (scope.in !== false) return { cleared: id };
  // Who had lost its access before the links were forgotten does not lose it again.
  const fresh = isFresh(candidate.held) && candidate.formerlyLinked !== 'disabled';
  const staged = { sourceId: id, type, because: scope.because, fresh };
  // Whether there is an account is not known: it counts as one until it is looked up.
  if (candidate.link === null) return rule.enabled && isOurs(candidate) ? { staged } : { cleared: id };
  const match = { kind: 'linked', link: candidate.link } as const;
  const { action } = planOf(deps, context, { ...scoped, match, queries: [], refusal: null });
  if (isDeprovisioning(action)) return { staged };
  // A disable that cannot be planned for a fault in its mapping, or that was rejected, is none that went away.
  return action.kind === 'refuse' || leavesHeld(action.because) ? {} : { cleared: id };
}

/** The deletion guard on all leavers of a cycle. */
export async function judgeCycle(deps: Deps, cycle: Cycle): Promise<Judgement> {
  const job = await deps.jobs.get(cycle.jobId);
  if (job === null) throw new Error(`job ${cycle.jobId} of cycle ${cycle.id} does not exist`);
  const { User, Group } = await deps.cycles.leavers(cycle.id, deps.clock.now());
  return {
    User: judgeLeavers('User', User, job.settings),
    Group: judgeLeavers('Group', Group, job.settings),
  };
}
