// What the deletion guard says and holds: leavers of a cycle, and what waits for the decision of an administrator.
import { outOfScopeReasons } from './decisions.ts';
import type { OutOfScopeReason } from './decisions.ts';
import type { JsonObject } from './json.ts';
import type { ObjectType } from './source-object.ts';

/** The guard on all leavers of one type in a cycle; `why` says which limit they exceed, as a sentence. */
export type LeaversVerdict =
  { readonly kind: 'pass' } | { readonly kind: 'hold'; readonly because: ExceededLimit; readonly why: string };
export type ExceededLimit = 'per-cycle' | 'share' | 'per-day' | 'per-week';
export type Judgement = Readonly<Record<ObjectType, LeaversVerdict>>;

export const heldDecisions = ['waiting', 'approved', 'rejected'] as const;
export type HeldDecision = (typeof heldDecisions)[number];

/** What is held of an object, as far as deciding about it again needs it. */
export interface HeldBefore {
  readonly decision: HeldDecision;
  readonly action: 'disable' | 'delete';
  readonly because: OutOfScopeReason;
  readonly why: string;
}

/** What waits for an administrator, or was decided by one and is not carried out yet. */
export interface HeldObject {
  /** Of the source object; `{id}/members` for members that are to be removed from a group. */
  readonly id: string;
  readonly sourceId: string;
  readonly subject: HeldSubject;
  readonly type: ObjectType;
  readonly action: HeldAction;
  readonly because: HeldReason;
  readonly displayName: string;
  readonly targetId: string;
  /** Members that are to be removed; else 1. */
  readonly count: number;
  readonly why: string;
  readonly evidence: JsonObject;
  readonly cycleId: string;
  readonly heldAt: Date;
  readonly decision: HeldDecision;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
  /** What was given for the decision. */
  readonly reason: string | null;
}
export type HeldSubject = 'object' | 'members';
export const heldActions = ['disable', 'delete', 'removeMembers'] as const;
export type HeldAction = (typeof heldActions)[number];
export const heldReasons = [...outOfScopeReasons, 'left-group'] as const;
export type HeldReason = (typeof heldReasons)[number];

/** Everything that is given must fit. */
export interface HeldFilter {
  readonly type?: ObjectType;
  readonly action?: HeldAction;
  readonly because?: HeldReason;
  /** A part of its display name or of one of its ids, in any case. */
  readonly contains?: string;
  readonly decision?: HeldDecision;
}
export type HeldSelection = { readonly ids: readonly string[] } | { readonly filter: HeldFilter };
export interface Decided {
  readonly decision: Exclude<HeldDecision, 'waiting'>;
  readonly at: Date;
  readonly by: string;
  readonly reason: string;
}
