// What happens to a linked account whose source object left scope. Only linked accounts come here (invariant 9), and only
// with an evaluated reason (invariant 1).
import type { CompiledMapping } from '../mapping/compile-mapping.ts';
import { desiredAttributes } from '../mapping/desired.ts';
import type { Action, OutOfScopeReason } from '../model/decisions.ts';
import type { Link } from '../model/target.ts';
import { diffAttributes } from './diff.ts';
import { mappingInput, refuse, rolesOf, sealFor, skip } from './plan-input.ts';
import type { PlanInput, Subject } from './plan-input.ts';

/** Users are disabled and, once gone for good, deleted; groups and applications that know no disabled state: deleted. */
export function deprovision(input: PlanInput, subject: Subject, link: Link, because: OutOfScopeReason): Action {
  if (because === 'hard-deleted') return deleteAccount(input, subject, link, because);
  const { targetId } = link;
  if (input.skipOutOfScopeDeletions) return skip(subject, 'SkipOutOfScopeDeletions', { targetId });
  if (subject.type === 'User' && input.dialect.softDelete) return disableAccount(input, subject, link, because);
  // Losing the security flag says nothing about who should have access: too weak a reason to delete a group.
  if (because === 'group-not-security-enabled') return skip(subject, 'NotInScope', { targetId });
  return deleteAccount(input, subject, link, because);
}

function deleteAccount({ rule }: PlanInput, subject: Subject, { targetId }: Link, because: OutOfScopeReason): Action {
  if (rule.actions.delete) return { ...subject, kind: 'delete', because, targetId };
  return skip(subject, 'DeleteNotAllowed', { targetId, forget: because === 'hard-deleted' });
}

/** Writes what follows from being out of scope, and nothing else: other attributes are of no concern any more. */
function disableAccount(input: PlanInput, subject: Subject, link: Link, because: OutOfScopeReason): Action {
  const { targetId, known } = link;
  const mappings = input.rule.mappings.filter(disables);
  if (mappings.length === 0) return skip(subject, 'SoftDeleteNotMapped', { targetId });
  const result = desiredAttributes({ ...input.rule, mappings }, mappingInput(input, 'update'));
  if (result.kind === 'error') return refuse(subject, result.error);
  if (result.kind === 'ignore-object') return skip(subject, 'IgnoreObjectFlow', { targetId });
  // What may have been written unnoticed is written again: a disable too many is harmless, one too few is not.
  const changes = diffAttributes(
    mappings,
    result.desired,
    input.candidate.unsure === true ? {} : known,
    sealFor(input),
    rolesOf(input),
  );
  if (changes.length === 0) return skip(subject, 'RedundantSoftDelete', { targetId });
  if (!input.rule.actions.update) return skip(subject, 'UpdateNotAllowed', { targetId });
  return { ...subject, kind: 'disable', because, targetId, changes, known };
}

const disables = ({ usesSoftDeleted, flowType }: CompiledMapping): boolean =>
  usesSoftDeleted && flowType !== 'ObjectAddOnly';
