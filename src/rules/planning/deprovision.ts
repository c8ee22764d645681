// What happens to a linked account whose source object left scope. Only linked accounts come here (invariant 9), and only
// with an evaluated reason (invariant 1).
import type { CompiledMapping } from '../mapping/compile-mapping.ts';
import { desiredAttributes } from '../mapping/desired.ts';
import { isDeprovisioning } from '../model/decisions.ts';
import type { Action, OutOfScopeReason, SkipReason } from '../model/decisions.ts';
import type { Link } from '../model/target.ts';
import { isRejected } from '../safety/deletion-guard.ts';
import { diffAttributes } from './diff.ts';
import { mappingInput, refuse, rolesOf, sealFor, skip } from './plan-input.ts';
import type { PlanInput, Subject } from './plan-input.ts';

/** Nothing is taken away that an administrator rejected. */
export function deprovision(input: PlanInput, subject: Subject, link: Link, because: OutOfScopeReason): Action {
  const action = takeAway(input, subject, link, because);
  return isDeprovisioning(action) && isRejected(input.candidate.held ?? null, action)
    ? left(input, subject, link, 'DeletionRejected')
    : action;
}

/**
 * As the policy of the job says: users are disabled and, once gone for good, deleted; groups and accounts of applications
 * that know no disabled state are deleted.
 */
function takeAway(input: PlanInput, subject: Subject, link: Link, because: OutOfScopeReason): Action {
  const policy = input.policy[subject.type];
  if (policy === 'Keep') return keepAccount(input, subject, link, because);
  if (because === 'hard-deleted') return deleteAccount(input, subject, link, because);
  if (input.skipOutOfScopeDeletions) return left(input, subject, link, 'SkipOutOfScopeDeletions');
  if (policy === 'Disable' && input.dialect.softDelete) return disableAccount(input, subject, link, because);
  // Losing the security flag says nothing about who should have access: too weak a reason to delete a group.
  if (because === 'group-not-security-enabled') return left(input, subject, link, 'NotInScope');
  return deleteAccount(input, subject, link, because);
}

/** Of who is gone for good there is nothing to come back to: somebody new may get the account. */
const keepAccount = (input: PlanInput, subject: Subject, link: Link, because: OutOfScopeReason): Action =>
  because === 'hard-deleted'
    ? skip(subject, 'KeptByPolicy', { targetId: link.targetId, forget: true })
    : left(input, subject, link, 'KeptByPolicy');

function deleteAccount(input: PlanInput, subject: Subject, link: Link, because: OutOfScopeReason): Action {
  const { targetId } = link;
  if (input.rule.actions.delete) return { ...subject, kind: 'delete', because, targetId };
  if (because !== 'hard-deleted') return left(input, subject, link, 'DeleteNotAllowed');
  return skip(subject, 'DeleteNotAllowed', { targetId, forget: true });
}

/** Writes what follows from being out of scope, and nothing else: other attributes are of no concern any more. */
function disableAccount(input: PlanInput, subject: Subject, link: Link, because: OutOfScopeReason): Action {
  const { targetId, known } = link;
  const mappings = input.rule.mappings.filter(disables);
  if (mappings.length === 0) return left(input, subject, link, 'SoftDeleteNotMapped');
  const result = desiredAttributes({ ...input.rule, mappings }, mappingInput(input, 'update'));
  if (result.kind === 'error') return refuse(subject, result.error);
  if (result.kind === 'ignore-object') return left(input, subject, link, 'IgnoreObjectFlow');
  // What may have been written unnoticed is written again: a disable too many is harmless, one too few is not.
  const changes = diffAttributes(
    mappings,
    result.desired,
    input.candidate.unsure === true ? {} : known,
    sealFor(input),
    rolesOf(input),
  );
  if (changes.length === 0) return left(input, subject, link, 'RedundantSoftDelete');
  if (!input.rule.actions.update) return left(input, subject, link, 'UpdateNotAllowed');
  return { ...subject, kind: 'disable', because, targetId, changes, known };
}

/** Nothing is written. An account that was only just found again is linked all the same: later it may have to go. */
const left = (input: PlanInput, subject: Subject, { targetId, known }: Link, because: SkipReason): Action =>
  skip(subject, because, { targetId, adopt: input.match.kind === 'matched' ? known : null });

const disables = ({ usesSoftDeleted, flowType }: CompiledMapping): boolean =>
  usesSoftDeleted && flowType !== 'ObjectAddOnly';
