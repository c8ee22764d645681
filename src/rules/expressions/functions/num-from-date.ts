// NumFromDate: a time → a Windows file time (100 ns since 1601).
import { dateTimeOf } from '../coerce.ts';
import { FILE_TIME_ZERO } from '../dates/calendar.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { dateTime } from '../function-definition.ts';
import { EvaluationFailure, integer } from '../values.ts';

export const numFromDate: FunctionDefinition = {
  name: 'NumFromDate',
  summary: 'The Windows file time of a time or of a text in ISO 8601: 100 ns since 1601-01-01 UTC.',
  parameters: [dateTime('value', { key: 'source' })],
  examples: [{ expression: 'NumFromDate("2020-12-31 23:59:59-08:00")', result: ['132539615990000000'] }],
  evaluate: (call) => {
    const fileTime = dateTimeOf(call.value(0)).ticks - FILE_TIME_ZERO;
    if (fileTime < 0n) throw new EvaluationFailure('file times begin in the year 1601.');
    return integer(fileTime);
  },
};
