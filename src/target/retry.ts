// When a request is sent again and after which wait. Nothing is repeated that may have had an effect already.
import type { WireFailure } from './failure.ts';
import type { Method, WireReply } from './wire.ts';

/** `null` = it stays as it is. */
export type Wait = {
  readonly ms: number;
  /** The application asked for it: nobody else is to come meanwhile. */
  readonly everybody: boolean;
} | null;

const MOST_ATTEMPTS = 3;
/** A refusal for too many requests has no effect, and the wait for it is bounded by the patience of the page. */
const MOST_ATTEMPTS_THROTTLED = 6;

export interface Attempt {
  readonly method: Method;
  /** 1 for the first. */
  readonly number: number;
  readonly now: Date;
  /** In [0, 1): spreads the repetitions of many. */
  readonly random: number;
}

export function waitAfterReply({ status, headers }: WireReply, attempt: Attempt): Wait {
  const asked = status === 429 || status === 503 ? askedFor(headers, attempt.now) : null;
  if (status === 429 || asked !== null) {
    if (attempt.number >= MOST_ATTEMPTS_THROTTLED) return null;
    return { ms: asked ?? backOff(attempt), everybody: true };
  }
  return status >= 500 && status !== 501 && attempt.method === 'GET' ? oneself(attempt) : null;
}

/**
 * What never left is sent again whatever it was. A deletion repeated finds the object gone, which counts as done; a
 * creation or change repeated does not.
 */
export function waitAfterFailure({ kind }: WireFailure, attempt: Attempt): Wait {
  if (kind === 'unreachable') return oneself(attempt);
  if (kind !== 'timeout' && kind !== 'broken') return null;
  if (attempt.method === 'GET') return oneself(attempt);
  return attempt.method === 'DELETE' && kind === 'broken' && attempt.number === 1 ? oneself(attempt) : null;
}

const oneself = (attempt: Attempt): Wait =>
  attempt.number >= MOST_ATTEMPTS ? null : { ms: backOff(attempt), everybody: false };

const backOff = ({ number, random }: Attempt): number => Math.round(250 * 2 ** number * (0.5 + random));

type Headers = WireReply['headers'];

/** Milliseconds that the application asks for; `null` when it does not say, or says that it is over already. */
function askedFor(headers: Headers, now: Date): number | null {
  const ms = retryAfter(headers, now) ?? rateLimitReset(headers, now);
  return ms !== null && ms > 0 ? ms : null;
}

const NUMBER = /^\d+(?:\.\d+)?$/;
/** The three forms of an HTTP date: looser ones would read any word as some day in 2001. */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d{2}:\d{2}:\d{2}/;

/** Seconds, or a date by the application's own clock. */
function retryAfter(headers: Headers, now: Date): number | null {
  const text = first(headers['retry-after']);
  if (NUMBER.test(text)) return Number(text) * 1_000;
  if (!HTTP_DATE.test(text)) return null;
  const clock = Date.parse(first(headers['date']));
  const ms = Date.parse(text) - (Number.isNaN(clock) ? now.getTime() : clock);
  return Number.isNaN(ms) ? null : ms;
}

const resetNames = ['x-rate-limit-reset', 'x-ratelimit-reset', 'ratelimit-reset'];
/** Seconds from now, or since 1970; larger numbers are milliseconds since 1970. */
function rateLimitReset(headers: Headers, now: Date): number | null {
  const text = resetNames.map((name) => first(headers[name])).find((value) => NUMBER.test(value));
  if (text === undefined) return null;
  const value = Number(text);
  if (value < 1e9) return value * 1_000;
  return (value < 1e11 ? value * 1_000 : value) - now.getTime();
}

const first = (header: string | string[] | undefined): string =>
  (Array.isArray(header) ? (header[0] ?? '') : (header ?? '')).trim();
