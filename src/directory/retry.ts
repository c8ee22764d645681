// Patience with the directory: how long, how often, and said in the log. It bounds the Graph client's own retries too.
import { setTimeout as delay } from 'node:timers/promises';
import type { SystemError } from '../rules/model/errors.ts';
import { incomplete } from './errors.ts';
import type { DirectoryLog, DirectoryObserver } from './log.ts';

/** All times in milliseconds. */
export interface Pace {
  /** One attempt, from connecting to the last byte of the body. */
  readonly requestTimeout: number;
  /** All attempts of one request together, waits included. */
  readonly patience: number;
  /** The same where nothing answers at all: an operator should hear soon that the directory is down. */
  readonly unreachable: number;
  /** First wait where the directory names none; doubles with each attempt. */
  readonly backoff: number;
  readonly maxBackoff: number;
}

export const ordinaryPace: Pace = {
  requestTimeout: 60_000,
  patience: 300_000,
  unreachable: 20_000,
  backoff: 1_000,
  maxBackoff: 30_000,
};

export type Attempt<T> =
  | { readonly kind: 'done'; readonly value: T }
  /** `retryAfter`: milliseconds that the directory asked for, `null` when it named none. */
  | { readonly kind: 'again'; readonly failure: SystemError; readonly retryAfter: number | null };

export interface Patience {
  readonly pace: Pace;
  readonly log: DirectoryLog;
  /** Aborted when the reader closes: waiting ends at once. */
  readonly closing: AbortSignal;
  readonly observer?: DirectoryObserver | undefined;
}

/** Repeats `attempt` while patience lasts; then throws the failure of its last attempt. */
export async function patiently<T>(
  patience: Patience,
  what: string,
  attempt: (left: number) => Promise<Attempt<T>>,
): Promise<T> {
  const { pace, log, closing, observer } = patience;
  const started = performance.now();
  for (let n = 1; ; n++) {
    const result = await attempt(pace.patience - (performance.now() - started));
    if (result.kind === 'done') return result.value;
    const wait = waitBefore(n, pace, result.retryAfter);
    if (closing.aborted) throw incomplete(`${what} was broken off because the reader was closed`);
    const limit =
      result.failure.code === 'DirectoryUnreachable' ? Math.min(pace.unreachable, pace.patience) : pace.patience;
    if (performance.now() - started + wait > limit) throw result.failure;
    log.warn({ attempt: n, waitMs: Math.round(wait), because: result.failure.message }, `${what} failed, trying again`);
    observer?.waited(wait / 1000);
    await delay(wait, undefined, { signal: closing }).catch(() => undefined);
  }
}

/** Never shorter than asked for; jittered so that many readers do not come back at once. */
function waitBefore(n: number, pace: Pace, retryAfter: number | null): number {
  const ceiling = Math.min(pace.maxBackoff, pace.backoff * 2 ** (n - 1));
  const jittered = ceiling * (0.5 + Math.random() / 2);
  return retryAfter === null ? jittered : Math.max(retryAfter, pace.backoff * Math.random());
}

/** `Retry-After` as seconds or as an HTTP date → milliseconds from now; `null` when absent or unreadable. */
export function retryAfterOf(header: string | null | undefined, now: number): number | null {
  if (header === null || header === undefined || header.trim() === '') return null;
  const seconds = Number(header);
  const wait = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1000;
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}
