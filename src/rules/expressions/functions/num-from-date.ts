// NumFromDate: a time → a Windows file time (100 ns since 1601).
import { FILE_TIME_ZERO } from '../dates/calendar.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { dateTime } from '../function-definition.ts';
import { EvaluationFailure, integer } from '../values.ts';

export const numFromDate: FunctionDefinition = {
  name: 'NumFromDate',
  summary: 'The Windows file time of a time, or of a text in ISO 8601: 100 ns since 1601-01-01 UTC.',
  notes: ['An error for null, before the year 1601, and when the time in UTC lies beyond the year 9999.'],
  parameters: [dateTime('value', { key: 'source' })],
  result: 'Integer',
  examples: [{ expression: 'NumFromDate("2020-12-31 23:59:59-08:00")', result: ['132539615990000000'] }],
  evaluate: (call) => {
    const fileTime = call.date(0).ticks - FILE_TIME_ZERO;
    if (fileTime < 0n) throw new EvaluationFailure('file times begin in the year 1601.');
    return integer(fileTime);
  },
};
