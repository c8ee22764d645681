// DateFromNum: a Windows file time (100 ns since 1601) → a time.
import { dateTimeOfTicks, FILE_TIME_ZERO } from '../dates/calendar.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { number } from '../function-definition.ts';
import { EvaluationFailure } from '../values.ts';

export const dateFromNum: FunctionDefinition = {
  name: 'DateFromNum',
  summary: 'The time of a Windows file time: 100 ns since 1601-01-01 UTC.',
  notes: [
    'An error for null, for negative numbers and beyond the year 9999; 9223372036854775807 (never) is beyond it.',
  ],
  parameters: [number('value', { key: 'source' })],
  result: 'DateTime',
  examples: [{ expression: 'DateFromNum(129699324000000000)', result: ['1/1/2012 11:00:00 PM'] }],
  evaluate: (call) => {
    const value = call.integer(0);
    if (value === null) throw new EvaluationFailure('a file time was expected, but there is no value.');
    const date = value < 0n ? null : dateTimeOfTicks(value + FILE_TIME_ZERO);
    if (date === null) throw new EvaluationFailure(`${String(value)} is no file time between the years 1601 and 9999.`);
    return date;
  },
};
