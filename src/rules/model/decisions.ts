// What the rules decide about one object: closed unions, and each member says why.
import type { ObjectError } from './errors.ts';
import type { IdTally } from './id-tally.ts';
import type { Json } from './json.ts';
import type { AppRole, ObjectType, Presence } from './source-object.ts';
import type { KnownAttributes, Link, TargetResource } from './target.ts';

export const outOfScopeReasons = [
  'not-assigned',
  'not-effectively-entitled',
  'filtered-out',
  'account-disabled',
  'soft-deleted',
  'hard-deleted',
  'group-not-security-enabled',
] as const;
export type OutOfScopeReason = (typeof outOfScopeReasons)[number];
export type ScopeVerdict =
  | { readonly in: true; readonly because: 'assigned' | 'sync-all'; readonly facts: ScopeFacts }
  | { readonly in: false; readonly because: OutOfScopeReason; readonly facts: ScopeFacts }
  /** An input filter keeps the object out without deprovisioning it. */
  | { readonly in: 'ignored'; readonly because: 'input-filter'; readonly facts: ScopeFacts };

/** The evidence, in the words of the provisioning log's scoping step. */
export interface ScopeFacts {
  readonly active: boolean;
  readonly assigned: boolean;
  /** How, in words: by itself, or by which group, through which nested one. */
  readonly assignedBy?: readonly string[];
  readonly passedFilter: boolean;
  /** Clause, as `{title} {attribute} {operator} {value}` → whether it holds. */
  readonly filterResults: Readonly<Record<string, boolean>>;
}

/** One look-up at the target, in order of matching precedence. */
export interface MatchQuery {
  readonly targetPath: string;
  readonly value: string;
  readonly priority: number;
  /** The value must not be shown. */
  readonly redacted?: true;
}
export type MatchVerdict =
  | { readonly kind: 'linked'; readonly link: Link }
  | { readonly kind: 'matched'; readonly resource: TargetResource; readonly by: MatchQuery }
  | { readonly kind: 'unmatched' }
  | { readonly kind: 'ambiguous'; readonly by: MatchQuery; readonly candidates: readonly string[] }
  /** The target could not tell: never taken for "absent". */
  | { readonly kind: 'unknown'; readonly error: ObjectError };

/** Target path → value to have there. Absent path = leave alone, `null` = clear. */
export type DesiredAttributes = Readonly<Record<string, Json>>;

export interface AttributeChange {
  readonly path: string;
  readonly op: 'add' | 'replace' | 'remove';
  readonly before: Json;
  readonly after: Json;
  /** Only these values are new, and the others of the list are none of ours: what an `add` sends. */
  readonly added?: readonly Json[];
  /** The app roles that the values stand for, in their order: some targets take them in another form. */
  readonly roles?: readonly RoleOfValue[];
  /** The values must not be shown; `kept` is what is remembered of `after`. */
  readonly redacted?: { readonly kept: Json };
}
export type RoleOfValue = Pick<AppRole, 'id' | 'value' | 'displayName'>;

export type SkipReason =
  | 'RedundantExport'
  | 'NotEffectivelyEntitled'
  | 'NotInScope'
  | 'RedundantSoftDelete'
  | 'CreateNotAllowed'
  | 'CreateNotSupported'
  | 'GroupRenameNotSupported'
  | 'UpdateNotAllowed'
  | 'DeleteNotAllowed'
  | 'SoftDeleteNotMapped'
  | 'SkipOutOfScopeDeletions'
  | 'KeptByPolicy'
  | 'ObjectMappingDisabled'
  | 'NeverProvisioned'
  | 'IgnoredByInputFilter'
  | 'IgnoreObjectFlow'
  | 'AccountGone'
  | 'EscrowIgnored'
  | 'DeletionRejected';

interface ActionOf {
  readonly sourceId: string;
  readonly type: ObjectType;
  /** For the log: the value of the first matching attribute, else the display name. */
  readonly displayName: string;
}
export type Action =
  | (ActionOf & {
      readonly kind: 'create';
      readonly because: 'no-match';
      readonly desired: DesiredAttributes;
      readonly changes: readonly AttributeChange[];
    })
  | (ActionOf & {
      readonly kind: 'update';
      readonly because: 'attributes-differ' | 'matched-account';
      readonly targetId: string;
      readonly changes: readonly AttributeChange[];
      /** What differs too, but the application does not offer to change. */
      readonly withheld?: readonly AttributeChange[];
      readonly known: KnownAttributes;
    })
  | (ActionOf & {
      readonly kind: 'disable';
      readonly because: OutOfScopeReason;
      readonly targetId: string;
      readonly changes: readonly AttributeChange[];
      readonly known: KnownAttributes;
    })
  | (ActionOf & {
      readonly kind: 'restore';
      readonly because: 'back-in-scope';
      readonly targetId: string;
      readonly changes: readonly AttributeChange[];
      readonly known: KnownAttributes;
    })
  | (ActionOf & {
      readonly kind: 'delete';
      readonly because: OutOfScopeReason;
      readonly targetId: string;
    })
  | (ActionOf & {
      readonly kind: 'skip';
      readonly because: SkipReason;
      readonly targetId: string | null;
      /** When an account was matched that is already as desired: link it all the same. */
      readonly adopt: KnownAttributes | null;
      /** The source object is gone for good and nothing is left to do: forget the link. */
      readonly forget: boolean;
    })
  | (ActionOf & { readonly kind: 'refuse'; readonly because: 'object-error'; readonly error: ObjectError });
export type ActionKind = Action['kind'];
/** What takes access away, and what the deletion guard counts. */
export type Deprovisioning = Extract<Action, { readonly kind: 'disable' | 'delete' }>;
export const isDeprovisioning = (action: Action): action is Deprovisioning =>
  action.kind === 'disable' || action.kind === 'delete';

/** Skipped because somebody said so: what is held of the object stands. */
export const leavesHeld = (because: Action['because']): boolean =>
  because === 'DeletionRejected' || because === 'EscrowIgnored';

/** What became of an action. */
export type Outcome =
  | {
      readonly kind: 'applied';
      readonly action: Action;
      readonly targetId: string | null;
      /** Known attributes of the account after the write; `null` when it is gone. */
      readonly known: KnownAttributes | null;
    }
  | { readonly kind: 'skipped'; readonly action: Action }
  | { readonly kind: 'planned'; readonly action: Action }
  /** The deletion guard keeps it back; `why` says which limit was exceeded. */
  | { readonly kind: 'held'; readonly action: Deprovisioning; readonly why: string; readonly evidence: HeldEvidence }
  /** It left scope after all leavers of the cycle were judged: the next cycle decides. */
  | { readonly kind: 'postponed'; readonly action: Deprovisioning }
  | { readonly kind: 'failed'; readonly action: Action; readonly error: ObjectError };

/** What became of the references of one owner: members of a group, or the manager of a user. */
export interface ReferenceOutcome {
  readonly ownerId: string;
  readonly attribute: string;
  readonly added: IdTally;
  readonly removed: IdTally;
  /** Source ids that wait for an account of their own. */
  readonly pending: IdTally;
  /** Members that the target refused; each is in escrow by itself. */
  readonly refused: IdTally;
  /** Why the first of them was refused. */
  readonly refusal: ObjectError | null;
  /** Concerns the owner as a whole. */
  readonly error: ObjectError | null;
  /** Members whose removal the deletion guard keeps back; `why` says which limit was exceeded. */
  readonly held: { readonly members: IdTally; readonly why: string } | null;
  /** An administrator rejected that members are removed. */
  readonly kept: boolean;
  /** Something is left to do although nothing failed: the owner is looked at again in the next cycle. */
  readonly unfinished: boolean;
}

/** Why the object lost its access, and how its account stood until then. */
export interface HeldEvidence {
  readonly presence: Presence;
  readonly scope: ScopeFacts;
  /** `null`: an account that was made, and of which no answer came. */
  readonly account: { readonly state: Link['state']; readonly linkedAt: string } | null;
}
