// Faults on demand: everything that Graph is known to do to its readers. Deterministic: what happens to the n-th request
// after the faults were set depends on the seed and on n alone.
import { z } from 'zod';
import { hash } from './tenant/random.ts';

const rate = z.number().min(0).max(1);
const shape = {
  /** Objects on a delta page (default 500) and items on a list page without `$top` (default 100). */
  pageSize: z.int().min(1).max(999).nullable(),
  /** Members on one delta page; a larger group goes on over consecutive pages. */
  memberSliceSize: z.int().min(1).max(100_000),
  /** Every n-th object of a delta page comes twice; 0 = off. */
  duplicates: z.int().min(0),
  /** A delta round tells the last n changes before its link once more; 0 = off. */
  replays: z.int().min(0),
  /** A delta round leaves the last n changes to a later one, as if they were not replicated yet; 0 = off. */
  lag: z.int().min(0),
  /** Objects of a delta page come in another order. */
  reorder: z.boolean(),
  /** Every n-th request is answered with 429; null = off. */
  throttle: z
    .strictObject({
      every: z.int().min(1),
      retryAfter: z.enum(['seconds', 'date', 'none']).default('seconds'),
      seconds: z.int().min(0).default(1),
    })
    .nullable(),
  /** Share of requests answered with 503. */
  failWith503: rate,
  /** Share of requests whose connection is reset without an answer. */
  dropConnection: rate,
  /** Share of answers that end in the middle of their body. */
  truncate: rate,
  /** Delta answers hold no object, and end as if that were all. */
  empty: z.boolean(),
  /** Every answer waits this long. */
  delayMs: z.int().min(0).max(600_000),
  /** The next link of a delta page leads to that same page again. */
  loopNextLink: z.boolean(),
  /** True when set: all links handed out so far are expired (400 syncStateNotFound). Happens once. */
  expireTokens: z.boolean(),
  /** True when set: all delta links handed out so far are gone (410). Happens once. */
  resetGeneration: z.boolean(),
};
const schema = z.strictObject(shape);

export type Faults = Readonly<z.output<typeof schema>>;

export const noFaults: Faults = {
  pageSize: null,
  memberSliceSize: 2000,
  duplicates: 0,
  replays: 0,
  lag: 0,
  reorder: false,
  throttle: null,
  failWith503: 0,
  dropConnection: 0,
  truncate: 0,
  empty: false,
  delayMs: 0,
  loopNextLink: false,
  expireTokens: false,
  resetGeneration: false,
};

/** Checks settings from outside; throws an Error with one sentence naming each wrong field. */
export function readFaults(value: unknown): Partial<Faults> {
  const parsed = schema.partial().safeParse(value);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'faults'}: ${message}`);
    throw new Error(`Wrong faults: ${wrong.join('; ')}. Known are: ${Object.keys(shape).join(', ')}.`);
  }
  return Object.fromEntries(Object.entries(parsed.data).filter(([, setting]) => setting !== undefined));
}

export type FaultVerdict = 'none' | 'throttle' | 'unavailable' | 'drop' | 'truncate';

export interface FaultState {
  readonly current: Faults;
  set(change: Partial<Faults>): void;
  /** Decides what happens to the next request. */
  next(): FaultVerdict;
}

export function createFaultState(initial: Partial<Faults>, seed: number): FaultState {
  let current: Faults = { ...noFaults, ...initial, expireTokens: false, resetGeneration: false };
  let requests = 0;
  const falls = (share: number, salt: number): boolean => share > 0 && hash(seed, requests, salt) < share * 2 ** 32;
  return {
    get current() {
      return current;
    },
    set(change) {
      current = { ...current, ...change, expireTokens: false, resetGeneration: false };
      requests = 0;
    },
    next() {
      requests += 1;
      if (falls(current.dropConnection, 101)) return 'drop';
      if (current.throttle !== null && requests % current.throttle.every === 0) return 'throttle';
      if (falls(current.failWith503, 102)) return 'unavailable';
      return falls(current.truncate, 103) ? 'truncate' : 'none';
    },
  };
}
