// DateDiff: how far two times are apart. Days and less are elapsed time; months and years count the calendar; weeks count Sundays.
import { dateTimeOf, textOf } from '../coerce.ts';
import {
  dayNumber,
  dayOfWeek,
  fieldsOf,
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TICKS_PER_MINUTE,
  TICKS_PER_SECOND,
} from '../dates/calendar.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { dateTime, text } from '../function-definition.ts';
import type { DateTime } from '../values.ts';
import { EvaluationFailure } from '../values.ts';

export const dateDiff: FunctionDefinition = {
  name: 'DateDiff',
  summary: 'date2 minus date1 in intervals: yyyy year, m month, ww week, d day, h hour, n minute, s second.',
  parameters: [text('interval'), dateTime('date1'), dateTime('date2')],
  examples: [{ expression: 'DateDiff("d", CDate("2021-08-18"), CDate("2021-08-31"))', result: ['13'] }],
  evaluate: (call) => difference(textOf(call.value(0)) ?? '', dateTimeOf(call.value(1)), dateTimeOf(call.value(2))),
};

const sunday = (date: DateTime): number => dayNumber(date) - dayOfWeek(date);
const elapsed = (from: DateTime, to: DateTime, unit: bigint): number => Number((to.ticks - from.ticks) / unit);

function difference(interval: string, from: DateTime, to: DateTime): number {
  switch (interval) {
    case 'yyyy':
      return fieldsOf(to).year - fieldsOf(from).year;
    case 'm':
      return (fieldsOf(to).year - fieldsOf(from).year) * 12 + fieldsOf(to).month - fieldsOf(from).month;
    case 'ww':
      return (sunday(to) - sunday(from)) / 7;
    case 'd':
      return elapsed(from, to, TICKS_PER_DAY);
    case 'h':
      return elapsed(from, to, TICKS_PER_HOUR);
    case 'n':
      return elapsed(from, to, TICKS_PER_MINUTE);
    case 's':
      return elapsed(from, to, TICKS_PER_SECOND);
    default:
      throw new EvaluationFailure(`"${interval}" is no interval: use yyyy, m, ww, d, h, n or s.`);
  }
}
