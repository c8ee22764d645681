// Accidental deletion prevention: a cycle disables and deletes at most so many accounts, the rest waits for approval.
import type { Action } from '../model/decisions.ts';
import { jobSetting } from '../model/job-settings.ts';
import type { Settings } from '../model/job-settings.ts';

export interface DeletionGuard {
  /** Most disables and deletes of one cycle; `null` = no limit. */
  readonly limit: number | null;
  /** Disables and deletes that this cycle planned on other pages already. */
  readonly countedBefore: number;
  /** Source ids whose deletion an earlier cycle holds: nothing but an approval lets it pass. */
  readonly heldBefore: ReadonlySet<string>;
  /** An administrator approved what is held. */
  readonly force: boolean;
}
export interface GuardedActions {
  readonly pass: readonly Action[];
  /** Planned, but not to be carried out before somebody approves. */
  readonly held: readonly Action[];
}

/** Keeps the order; of the disables and deletes, the first within the limit pass (invariant 4). */
export function guardDeletions(
  actions: readonly Action[],
  { limit, countedBefore, heldBefore, force }: DeletionGuard,
): GuardedActions {
  if (limit === null || force) return { pass: actions, held: [] };
  const destructive = actions.filter(isDestructive);
  const waiting = destructive.filter(({ sourceId }) => heldBefore.has(sourceId));
  const fresh = destructive.filter(({ sourceId }) => !heldBefore.has(sourceId));
  const held = new Set([...waiting, ...fresh.slice(Math.max(0, limit - countedBefore))]);
  return { pass: actions.filter((action) => !held.has(action)), held: actions.filter((action) => held.has(action)) };
}

/** What the guard counts. */
export const isDestructive = ({ kind }: Action): boolean => kind === 'disable' || kind === 'delete';

/** From the job's settings, by Entra's names; `null` = no limit. */
export const deletionLimit = (settings: Settings): number | null =>
  jobSetting(settings, 'QuarantineTooManyDeletes') ? jobSetting(settings, 'QuarantineTooManyDeletesThreshold') : null;
