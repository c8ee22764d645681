// The intervals of DateAdd and DateDiff. Their names are case-sensitive.
import { textOf } from '../coerce.ts';
import type { Value } from '../values.ts';
import { EvaluationFailure, quoted } from '../values.ts';
import { TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, TICKS_PER_SECOND } from './calendar.ts';

/** Intervals of a fixed length. */
export const ticksOf = {
  ww: 7n * TICKS_PER_DAY,
  d: TICKS_PER_DAY,
  h: TICKS_PER_HOUR,
  n: TICKS_PER_MINUTE,
  s: TICKS_PER_SECOND,
} as const;
export type DateInterval = keyof typeof ticksOf | 'yyyy' | 'm';

const isInterval = (name: string): name is DateInterval =>
  name === 'yyyy' || name === 'm' || Object.hasOwn(ticksOf, name);

export function dateInterval(value: Value): DateInterval {
  const name = textOf(value) ?? '';
  if (isInterval(name)) return name;
  throw new EvaluationFailure(
    `${quoted(name)} is no interval: use yyyy (year), m (month), ww (week), d (day), h (hour), n (minute) or s (second).`,
  );
}
