// What the end of a cycle means for the job's quarantine: entering, staying in it at a slower pace, or leaving it.
import type { CycleError, Quarantine, QuarantineReason } from '../model/job.ts';

export type CycleEnd =
  | { readonly kind: 'ok' }
  | { readonly kind: 'system-error'; readonly error: CycleError }
  | { readonly kind: 'too-many-deletes'; readonly held: number };

const MINUTE = 60_000;
const FIRST_WAIT = 5 * MINUTE;
const LONGEST_WAIT = 24 * 60 * MINUTE;

/** Waits double from five minutes to a day while the series lasts; any good cycle ends it. */
export function afterCycle(before: Quarantine | null, end: CycleEnd, at: Date): Quarantine | null {
  if (end.kind === 'ok') return null;
  const seriesCount = (before?.seriesCount ?? 0) + 1;
  return {
    ...causeOf(end),
    currentBegan: at,
    nextAttempt: new Date(at.getTime() + waitAfter(seriesCount)),
    seriesBegan: before?.seriesBegan ?? at,
    seriesCount,
  };
}

const waitAfter = (seriesCount: number): number => Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (seriesCount - 1));

function causeOf(end: Exclude<CycleEnd, { kind: 'ok' }>): {
  readonly reason: QuarantineReason;
  readonly error: CycleError;
} {
  if (end.kind === 'system-error') return { reason: 'EncounteredQuarantineException', error: end.error };
  const message = `${String(end.held)} disables and deletes were held because the cycle planned more than the job allows. Approve them, or repair assignments and filters and restart the job.`;
  return { reason: 'TooManyDeletes', error: { code: 'TooManyDeletes', message } };
}
