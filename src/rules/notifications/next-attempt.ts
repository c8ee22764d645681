// How long a message is tried. Two days outlast a weekend's maintenance of a mail server, and what is older is history.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** Seconds after the first, second, … failure; 46 hours and 21 minutes in all. */
const waits: readonly number[] = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR];

/** Seconds from the failure of attempt `number` (from 1) to the next one; `null` = it is given up. */
export const nextAttemptIn = (number: number): number | null => waits[number - 1] ?? null;
