// DateDiff: how far two times are apart. Days and less are elapsed time; months and years count the calendar; weeks count Sundays.
import { dayNumber, dayOfWeek, fieldsOf } from '../dates/calendar.ts';
import type { DateInterval } from '../dates/interval.ts';
import { dateInterval, ticksOf } from '../dates/interval.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { dateTime, text } from '../function-definition.ts';
import type { DateTime } from '../values.ts';

export const dateDiff: FunctionDefinition = {
  name: 'DateDiff',
  summary: 'date2 minus date1 in intervals: yyyy year, m month, ww week, d day, h hour, n minute, s second.',
  notes: [
    'Negative when date2 is the earlier one.',
    'd, h, n and s count elapsed time, cut to whole intervals; m and yyyy subtract the calendar months and years; ww counts the Sundays between.',
    'An error when there is no time.',
  ],
  parameters: [text('interval', { reads: dateInterval }), dateTime('date1'), dateTime('date2')],
  result: 'Integer',
  examples: [
    { expression: 'DateDiff("d", CDate("2021-08-18"), CDate("2021-08-31"))', result: ['13'] },
    { expression: 'DateDiff("yyyy", CDate("2020-12-31"), CDate("2021-01-01"))', result: ['1'] },
  ],
  evaluate: (call) => difference(call.prepared(0, dateInterval), call.date(1), call.date(2)),
};

const sunday = (date: DateTime): number => dayNumber(date) - dayOfWeek(date);

function difference(interval: DateInterval, from: DateTime, to: DateTime): number {
  switch (interval) {
    case 'yyyy':
      return fieldsOf(to).year - fieldsOf(from).year;
    case 'm':
      return (fieldsOf(to).year - fieldsOf(from).year) * 12 + fieldsOf(to).month - fieldsOf(from).month;
    case 'ww':
      return (sunday(to) - sunday(from)) / 7;
    case 'd':
    case 'h':
    case 'n':
    case 's':
      return Number((to.ticks - from.ticks) / ticksOf[interval]);
  }
}
