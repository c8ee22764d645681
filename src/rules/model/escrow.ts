// Escrow: what failed and is not given up. Nothing leaves it but by success, by a decided skip, or because it has no
// object to be about any more.
import type { ObjectError, ObjectErrorCode } from './errors.ts';
import type { ObjectType } from './source-object.ts';

/**
 * `retrying`: due at a known time. `waiting`: for a change that can mend it. `givenUp`: failed for so long that the clock
 * does not wake it any more; a change does. `ignored`, `snoozed`: somebody said so; its deprovisioning goes on all the same.
 */
export const escrowStates = ['retrying', 'waiting', 'givenUp', 'ignored', 'snoozed'] as const;
export type EscrowState = (typeof escrowStates)[number];

export interface EscrowEntry {
  readonly sourceId: string;
  readonly type: ObjectType;
  /** `object`, the reference attribute that failed, or `members/{id}` for one member of the group. */
  readonly subject: string;
  /** As the account was named last; `null` before it was linked. */
  readonly displayName: string | null;
  /** What was to be done. */
  readonly action: string;
  readonly error: ObjectError;
  /** Id of the cause; see `causeOf`. */
  readonly cause: string;
  readonly state: EscrowState;
  readonly attempts: number;
  readonly firstFailed: Date;
  readonly lastFailed: Date;
  readonly nextRetry: Date | null;
  /** What the last person who acted on it said, and who that was. */
  readonly note: string | null;
  readonly notedBy: string | null;
}
/** The same of all failures of one cause. */
export interface EscrowCauseEntry {
  readonly cause: string;
  readonly code: ObjectErrorCode;
  readonly attribute: string | null;
  /** The error of the newest of them, and whom it is about. */
  readonly example: { readonly sourceId: string; readonly message: string };
  readonly count: number;
  readonly states: Readonly<Partial<Record<EscrowState, number>>>;
  readonly firstFailed: Date;
  readonly lastFailed: Date;
  readonly nextRetry: Date | null;
}

export interface EscrowQuery {
  readonly cause?: string;
  readonly code?: string;
  readonly state?: EscrowState;
  /** All failures of one source object. */
  readonly sourceId?: string;
  readonly limit: number;
  /** Opaque cursor from an earlier answer. */
  readonly cursor?: string;
}

/** Ids of source objects (all of their failures), or `{sourceId}/{subject}`. */
export type EscrowChoice = { readonly ids: readonly string[] } | { readonly cause: string } | { readonly all: true };
export interface EscrowDecision {
  readonly state: Extract<EscrowState, 'retrying' | 'ignored' | 'snoozed'>;
  readonly nextRetry: Date | null;
  readonly note: string | null;
  readonly notedBy: string;
}

/** When a failure is tried next. */
export interface RetryDecision {
  readonly state: Extract<EscrowState, 'retrying' | 'waiting' | 'givenUp'>;
  readonly nextRetry: Date | null;
}
/** `attempts` counts the failures so far, this one at `at` included. */
export interface FailureHistory {
  readonly attempts: number;
  readonly firstFailed: Date;
  readonly at: Date;
}
export type NextRetry = (error: ObjectError, history: FailureHistory) => RetryDecision;
