// When a failed object is tried again, by the retry policy of its error.
import { objectErrors } from '../model/errors.ts';
import type { ObjectError } from '../model/errors.ts';

const HOUR = 3_600_000;
/** Waits after the first, second and third failure; then daily. This is 6, 12, 24 and 48 hours after the first failure. */
const waits: readonly number[] = [6 * HOUR, 6 * HOUR, 12 * HOUR];
const daily = 24 * HOUR;
/** Failures after which it is still taken for a passing one, as a page of maintenance is. */
const PASSING = 2;

/**
 * `attempts` counts the failures so far, this one at `at` included. Due at once means: in the next cycle.
 * `null` = only when the source object changes.
 */
export function nextRetry({ code }: ObjectError, attempts: number, at: Date): Date | null {
  switch (objectErrors[code].retry) {
    case 'next-cycle':
      return at;
    case 'soon':
      return attempts <= PASSING ? at : scheduled(attempts - PASSING, at);
    case 'schedule':
      return scheduled(attempts, at);
    case 'source-change':
      return null;
  }
}

const scheduled = (attempts: number, at: Date): Date =>
  new Date(at.getTime() + (waits[Math.max(1, attempts) - 1] ?? daily));
