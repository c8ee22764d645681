// The sentences of the provisioning log, in an administrator's words: one for each reason of the decisions.
import type { Action, ActionKind, OutOfScopeReason, SkipReason } from '../model/decisions.ts';
import type { ProvisioningAction } from '../model/log.ts';

export const outOfScopeWords: Readonly<Record<OutOfScopeReason, string>> = {
  'not-assigned': 'it is not assigned to the application',
  'not-effectively-entitled':
    'it is not effectively entitled: its only role is Default Access, and the application has other roles',
  'filtered-out': 'it does not pass the scoping filter',
  'account-disabled': 'its account is disabled in the directory',
  'soft-deleted': 'it was deleted in the directory and can still be restored there',
  'hard-deleted': 'it was permanently deleted in the directory',
  'group-not-security-enabled': 'it is assigned, but is not a security group',
};

export const skipWords: Readonly<Record<SkipReason, string>> = {
  EscrowIgnored: 'It failed before, and somebody decided to leave it alone until it changes or is retried.',
  RedundantExport: 'The account is already as it should be; there is nothing to write.',
  NotEffectivelyEntitled:
    'It is not assigned to the application, or has no role there but Default Access, and was never provisioned.',
  NotInScope: 'It is not in scope, and nothing of it is to be changed in the application.',
  RedundantSoftDelete: 'It is out of scope and its account is disabled already.',
  CreateNotAllowed: 'It has no account, and the target object action Create is off.',
  CreateNotSupported: 'It has no account, and the application lets nobody create one over SCIM.',
  GroupRenameNotSupported: 'Its name differs, but the application renames no group: rename it there by hand.',
  UpdateNotAllowed: 'Its account differs, but the target object action Update is off.',
  DeleteNotAllowed: 'Its account should be deleted, but the target object action Delete is off.',
  SoftDeleteNotMapped: 'It left scope, but no attribute mapping uses IsSoftDeleted, so its account cannot be disabled.',
  SkipOutOfScopeDeletions: 'It left scope, but SkipOutOfScopeDeletions keeps its account as it is.',
  KeptByPolicy: 'It left scope, but DeprovisionUsers or DeprovisionGroups of the job keeps its account as it is.',
  ObjectMappingDisabled: 'The object mapping for this type is switched off.',
  NeverProvisioned: 'It was permanently deleted and was never provisioned.',
  IgnoredByInputFilter: 'An input filter keeps it out; its account, if any, is left alone.',
  IgnoreObjectFlow: 'A mapping answered IgnoreObjectFlow: the object is left alone in this cycle.',
  DeletionRejected: 'It lost its access, but an administrator rejected that its account is disabled or deleted.',
  AccountGone: 'It is out of scope and its account no longer exists in the application: the link was forgotten.',
};

/** What was done, as a participle: "Account … was created". */
export const doneWords: Readonly<Record<Exclude<ActionKind, 'skip' | 'refuse'>, string>> = {
  create: 'created',
  update: 'updated',
  disable: 'disabled',
  restore: 'enabled again and updated',
  delete: 'deleted',
};

export const logActions: Readonly<Record<ActionKind, ProvisioningAction>> = {
  create: 'create',
  update: 'update',
  disable: 'disable',
  restore: 'update',
  delete: 'delete',
  skip: 'other',
  refuse: 'other',
};

/** Why a write was planned. */
export function reasonWords(action: Exclude<Action, { kind: 'skip' | 'refuse' }>): string {
  switch (action.because) {
    case 'no-match':
      return 'it is in scope and no matching account was found';
    case 'attributes-differ':
      return 'attributes differ from what was last written';
    case 'matched-account':
      return 'the matching account differs from the directory';
    case 'back-in-scope':
      return 'it is in scope again';
    case 'not-assigned':
    case 'not-effectively-entitled':
    case 'filtered-out':
    case 'account-disabled':
    case 'soft-deleted':
    case 'hard-deleted':
    case 'group-not-security-enabled':
      return outOfScopeWords[action.because];
  }
}
