// What people are told about a job without asking: each event once, by e-mail and webhook. Events carry no secrets.
import type { CycleError, QuarantineReason } from './job.ts';

interface OfJob {
  readonly jobId: string;
}
interface OfCycle extends OfJob {
  readonly cycleId: string;
}
interface OfQuarantine extends OfJob {
  readonly reason: QuarantineReason;
  /** Begin of the series of quarantined cycles. */
  readonly since: Date;
}

/** Why objects failed, with how many of them. */
export interface EscrowCause {
  readonly code: string;
  readonly count: number;
  /** One of the messages, as an example. */
  readonly message: string;
}

/** Days before a credential ends at which it is warned about; the last one stands for "ended" too. */
export const expiryWarnings = [30, 7, 1] as const;
export type ExpiryWarning = (typeof expiryWarnings)[number];

export type JobEvent =
  /** Once for each reason of a series. */
  | (OfQuarantine & { readonly kind: 'quarantined'; readonly error: CycleError | null })
  /** `nth` counts the reminders of the series from 1. */
  | (OfQuarantine & { readonly kind: 'quarantineReminder'; readonly error: CycleError | null; readonly nth: number })
  | (OfQuarantine & { readonly kind: 'quarantineLeft' })
  /** After 28 days of quarantine nobody tries the job any more. */
  | (OfQuarantine & { readonly kind: 'jobDisabled'; readonly error: CycleError | null })
  /** `count`: what waits for approval; `examples`: names of some of it. */
  | (OfCycle & { readonly kind: 'deletionsHeld'; readonly count: number; readonly examples: readonly string[] })
  /** `before`, `now`: objects in escrow at the ends of the cycle before and of this one. */
  | (OfCycle & {
      readonly kind: 'escrowGrew';
      readonly before: number;
      readonly now: number;
      readonly topCauses: readonly EscrowCause[];
    })
  /** `jobId` is `null` for what the whole installation uses. `which`: what expires, as a person would name it. */
  | {
      readonly kind: 'credentialExpiring';
      readonly jobId: string | null;
      readonly which: string;
      readonly at: Date;
      readonly daysBefore: ExpiryWarning;
    };
export type JobEventKind = JobEvent['kind'];

/** The same for the same event, whoever sees it and however often: an event is kept, and told, once for each key. */
export function eventKey(event: JobEvent): string {
  return [event.kind, event.jobId ?? '', ...distinction(event)].join('|');
}

function distinction(event: JobEvent): readonly string[] {
  switch (event.kind) {
    case 'quarantined':
    case 'jobDisabled':
      return [event.since.toISOString(), event.reason];
    case 'quarantineReminder':
      return [event.since.toISOString(), String(event.nth)];
    case 'quarantineLeft':
      return [event.since.toISOString()];
    case 'deletionsHeld':
    case 'escrowGrew':
      return [event.cycleId];
    case 'credentialExpiring':
      return [event.which, event.at.toISOString(), String(event.daysBefore)];
  }
}
