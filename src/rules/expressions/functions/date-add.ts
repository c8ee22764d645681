// DateAdd: a time moved by a number of intervals; months and years stay within their month.
import { dateTimeOf, integerOf, textOf } from '../coerce.ts';
import {
  addMonths,
  dateTimeOfTicks,
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TICKS_PER_MINUTE,
  TICKS_PER_SECOND,
} from '../dates/calendar.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { dateTime, number, text } from '../function-definition.ts';
import type { DateTime } from '../values.ts';
import { EvaluationFailure } from '../values.ts';

const ticksOf: ReadonlyMap<string, bigint> = new Map([
  ['ww', 7n * TICKS_PER_DAY],
  ['d', TICKS_PER_DAY],
  ['h', TICKS_PER_HOUR],
  ['n', TICKS_PER_MINUTE],
  ['s', TICKS_PER_SECOND],
]);
const MONTHS_IN_CALENDAR = 120_000n;

export const dateAdd: FunctionDefinition = {
  name: 'DateAdd',
  summary: 'The time moved by a number of intervals: yyyy year, m month, ww week, d day, h hour, n minute, s second.',
  parameters: [text('interval'), number('value'), dateTime('dateTime')],
  examples: [
    { expression: 'DateAdd("d", 7, CDate("2012-03-16"))', result: ['3/23/2012 12:00:00 AM'] },
    { expression: 'DateAdd("m", 1, CDate("2024-01-31"))', result: ['2/29/2024 12:00:00 AM'] },
  ],
  evaluate: (call) => {
    const interval = textOf(call.value(0)) ?? '';
    const date = dateTimeOf(call.value(2));
    const moved = move(date, interval, integerOf(call.value(1)) ?? 0n);
    if (moved === null) throw new EvaluationFailure('the result lies outside of the years 1 to 9999.');
    return moved;
  },
};

function move(date: DateTime, interval: string, value: bigint): DateTime | null {
  const months = interval === 'yyyy' ? 12n * value : interval === 'm' ? value : null;
  if (months !== null) {
    return months > MONTHS_IN_CALENDAR || months < -MONTHS_IN_CALENDAR ? null : addMonths(date, Number(months));
  }
  const ticks = ticksOf.get(interval);
  if (ticks === undefined) throw new EvaluationFailure(`"${interval}" is no interval: use yyyy, m, ww, d, h, n or s.`);
  return dateTimeOfTicks(date.ticks + ticks * value);
}
