// CDate: a text → a time in UTC.
import { dateTimeOf } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

export const cdate: FunctionDefinition = {
  name: 'CDate',
  summary: 'The time that a text such as 2020-03-16, 2020-03-16T07:00:00-07:00 or 3/16/2020 7:00:00 AM means, in UTC.',
  parameters: [text('expression', { key: 'source' })],
  examples: [{ expression: 'CDate("2020-03-16-07:00")', result: ['3/16/2020 7:00:00 AM'] }],
  evaluate: (call) => dateTimeOf(call.value(0)),
};
