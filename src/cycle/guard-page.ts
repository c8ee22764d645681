// What the deletion guard says of the planned actions of a page. What takes access away goes out in the phase that is for it,
// if it may; everywhere else it is left to the next cycle, which judges it with all the others.
import { isDeprovisioning } from '../rules/model/decisions.ts';
import type { Action, Outcome, ScopeVerdict, HeldEvidence } from '../rules/model/decisions.ts';
import type { Judgement } from '../rules/model/held.ts';
import type { Cycle, Page } from '../rules/model/job.ts';
import type { Candidate } from '../rules/model/records.ts';
import { standingOf } from '../rules/safety/deletion-guard.ts';
import type { Planned } from './stages.ts';

export interface GuardedPage {
  readonly pass: readonly Action[];
  /** What became of those that must not go out. */
  readonly kept: readonly Outcome[];
}

/** Keeps the order of both. */
export function guardPage(cycle: Cycle, { phase }: Page, planned: readonly Planned[]): GuardedPage {
  const judgement = phase === 'deprovision' ? judgementOf(cycle) : null;
  const guarded = planned.map((object) => ({ action: object.action, kept: keptOf(object, judgement) }));
  return {
    pass: guarded.filter(({ kept }) => kept === null).map(({ action }) => action),
    kept: guarded.flatMap(({ kept }) => kept ?? []),
  };
}

function judgementOf({ id, guard }: Cycle): Judgement {
  if (guard === null) throw new Error(`the leavers of cycle ${id} were not judged`);
  return guard;
}

/** `null` = it may go out. */
function keptOf({ action, candidate, scope }: Planned, judgement: Judgement | null): Outcome | null {
  if (!isDeprovisioning(action)) return null;
  const standing = standingOf(action, candidate.held, judgement);
  switch (standing.kind) {
    case 'pass':
      return null;
    case 'postpone':
      return { kind: 'postponed', action };
    case 'hold':
      return { kind: 'held', action, why: standing.why, evidence: evidenceOf(candidate, scope) };
  }
}

const evidenceOf = ({ object, link }: Candidate, scope: ScopeVerdict): HeldEvidence => ({
  presence: object.presence,
  scope: scope.facts,
  account: link === null ? null : { state: link.state, linkedAt: link.createdAt.toISOString() },
});
