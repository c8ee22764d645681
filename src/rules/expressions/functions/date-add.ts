// DateAdd: a time moved by a number of intervals; months and years stay within their month.
import { addMonths, dateTimeOfTicks } from '../dates/calendar.ts';
import type { DateInterval } from '../dates/interval.ts';
import { dateInterval, ticksOf } from '../dates/interval.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { dateTime, number, text } from '../function-definition.ts';
import type { DateTime } from '../values.ts';
import { EvaluationFailure } from '../values.ts';

const MONTHS_IN_CALENDAR = 120_000n;

export const dateAdd: FunctionDefinition = {
  name: 'DateAdd',
  summary: 'The time moved by a number of intervals: yyyy year, m month, ww week, d day, h hour, n minute, s second.',
  notes: [
    'A negative value goes back.',
    'The last day of a month stays within the month that is reached: 31 January plus a month is 28 or 29 February.',
    'An error when there is no time, and outside of the years 1 to 9999.',
  ],
  parameters: [text('interval', { reads: dateInterval }), number('value'), dateTime('dateTime')],
  result: 'DateTime',
  examples: [
    { expression: 'DateAdd("d", 7, CDate("2012-03-16"))', result: ['3/23/2012 12:00:00 AM'] },
    { expression: 'DateAdd("m", 1, CDate("2024-01-31"))', result: ['2/29/2024 12:00:00 AM'] },
  ],
  evaluate: (call) => {
    const interval = call.prepared(0, dateInterval);
    const moved = move(call.date(2), interval, call.integer(1) ?? 0n);
    if (moved === null) throw new EvaluationFailure('the result lies outside of the years 1 to 9999.');
    return moved;
  },
};

function move(date: DateTime, interval: DateInterval, value: bigint): DateTime | null {
  if (interval !== 'yyyy' && interval !== 'm') return dateTimeOfTicks(date.ticks + ticksOf[interval] * value);
  const months = interval === 'yyyy' ? 12n * value : value;
  return months > MONTHS_IN_CALENDAR || months < -MONTHS_IN_CALENDAR ? null : addMonths(date, Number(months));
}
