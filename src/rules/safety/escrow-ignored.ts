// What becomes of an object whose failure somebody ignores or snoozes: its write is left out; losing access never is.
import type { Action } from '../model/decisions.ts';
import type { Candidate } from '../model/records.ts';

/** An ignored failure is not tried again, and stays in escrow. Disables and deletes pass whatever was decided. */
export function unlessIgnored(action: Action, { ignored }: Pick<Candidate, 'ignored'>): Action {
  if (ignored !== true || action.kind === 'skip' || action.kind === 'disable' || action.kind === 'delete')
    return action;
  const { sourceId, type, displayName } = action;
  const targetId = 'targetId' in action ? action.targetId : null;
  return { kind: 'skip', because: 'EscrowIgnored', sourceId, type, displayName, targetId, adopt: null, forget: false };
}
