// When a request is sent again and after which wait. Nothing is repeated that may have had an effect already.
import type { WireFailure } from './failure.ts';
import type { Method, WireReply } from './wire.ts';

/** Milliseconds to wait before the next attempt; `null` = it stays as it is. */
export type Wait = number | null;

const MOST_ATTEMPTS = 3;
const LONGEST_WAIT_MS = 60_000;

export interface Attempt {
  readonly method: Method;
  /** 1 for the first. */
  readonly number: number;
  readonly now: Date;
  /** In [0, 1): spreads the repetitions of many. */
  readonly random: number;
}

export function waitAfterReply({ status, headers }: WireReply, attempt: Attempt): Wait {
  if (attempt.number >= MOST_ATTEMPTS) return null;
  const asked = retryAfterMs(headers['retry-after'], attempt.now);
  if (status === 429) return asked ?? backOff(attempt);
  if (status === 503 && asked !== null) return asked;
  return status >= 500 && status !== 501 && attempt.method === 'GET' ? backOff(attempt) : null;
}

/** A deletion repeated finds the object gone, which counts as done; a creation or change repeated does not. */
export function waitAfterFailure({ kind }: WireFailure, attempt: Attempt): Wait {
  if (attempt.number >= MOST_ATTEMPTS || (kind !== 'timeout' && kind !== 'broken')) return null;
  if (attempt.method === 'GET') return backOff(attempt);
  return attempt.method === 'DELETE' && kind === 'broken' && attempt.number === 1 ? backOff(attempt) : null;
}

const backOff = ({ number, random }: Attempt): number => Math.round(250 * 2 ** number * (0.5 + random));

/** Seconds or an HTTP date. */
function retryAfterMs(header: string | string[] | undefined, now: Date): number | null {
  if (typeof header !== 'string') return null;
  const seconds = /^\s*\d+(?:\.\d+)?\s*$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now.getTime();
  return Number.isNaN(seconds) ? null : Math.min(LONGEST_WAIT_MS, Math.max(0, seconds));
}
