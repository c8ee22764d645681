// What the outcomes of a page mean for the links of the job: values in, values out.
import type { Action, Outcome } from '../../rules/model/decisions.ts';
import type { KnownAttributes, Link } from '../../rules/model/target.ts';

export interface LinkUpsert {
  readonly sourceId: string;
  readonly type: Action['type'];
  readonly targetId: string;
  readonly displayName: string;
  readonly known: KnownAttributes;
  /** `null` = as it is; a new link is active. */
  readonly state: Link['state'] | null;
  /** Whether we made the account: an adopted group may have members that were never noted. */
  readonly created: boolean;
}
export interface LinkChanges {
  readonly upserts: readonly LinkUpsert[];
  /** Source ids whose account is gone, or that are gone for good themselves. */
  readonly removals: readonly string[];
}

export function linkChanges(outcomes: readonly Outcome[]): LinkChanges {
  return {
    upserts: outcomes.flatMap(upsertOf),
    removals: outcomes.filter(unlinks).map(({ action }) => action.sourceId),
  };
}

function unlinks(outcome: Outcome): boolean {
  if (outcome.kind === 'applied') return outcome.known === null;
  return outcome.kind === 'skipped' && outcome.action.kind === 'skip' && outcome.action.forget;
}

function upsertOf(outcome: Outcome): readonly LinkUpsert[] {
  const { action } = outcome;
  const account = accountAfter(outcome);
  if (account === null) return [];
  const { sourceId, type, displayName } = action;
  return [{ sourceId, type, displayName, ...account, state: stateAfter(action), created: action.kind === 'create' }];
}

function accountAfter(outcome: Outcome): { readonly targetId: string; readonly known: KnownAttributes } | null {
  const { action } = outcome;
  const ownTarget = 'targetId' in action ? action.targetId : null;
  if (outcome.kind === 'applied') {
    const targetId = outcome.targetId ?? ownTarget;
    return outcome.known === null || targetId === null ? null : { targetId, known: outcome.known };
  }
  if (outcome.kind !== 'skipped' || action.kind !== 'skip' || action.adopt === null || ownTarget === null) return null;
  return { targetId: ownTarget, known: action.adopt };
}

function stateAfter(action: Action): Link['state'] | null {
  switch (action.kind) {
    case 'disable':
      return 'disabled';
    case 'create':
    case 'restore':
      return 'active';
    case 'skip':
      return action.because === 'RedundantSoftDelete' ? 'disabled' : 'active';
    case 'update':
    case 'delete':
    case 'refuse':
      return null;
  }
}
