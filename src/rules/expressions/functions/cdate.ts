// CDate: a text → a time in UTC.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

export const cdate: FunctionDefinition = {
  name: 'CDate',
  summary: 'The time that a text such as 2020-03-16, 2020-03-16T07:00:00-07:00 or 3/16/2020 7:00:00 AM means, in UTC.',
  notes: [
    'Without an offset the text is UTC; without a time it is midnight.',
    'An error for null, for an empty text, and for forms such as 20200316 or 16.03.2020: read those with FormatDateTime.',
  ],
  parameters: [text('expression', { key: 'source' })],
  result: 'DateTime',
  examples: [
    { expression: 'CDate("2020-03-16-07:00")', result: ['3/16/2020 7:00:00 AM'] },
    { expression: 'CDate("12/25/2007")', result: ['12/25/2007 12:00:00 AM'] },
  ],
  evaluate: (call) => call.date(0),
};
