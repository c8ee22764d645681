// Now: the current time.
import { dateTimeOfDate } from '../dates/calendar.ts';
import type { FunctionDefinition } from '../function-definition.ts';

export const now: FunctionDefinition = {
  name: 'Now',
  summary: 'The current time in UTC.',
  parameters: [],
  examples: [{ expression: 'DateDiff("d", Now(), DateAdd("d", 3, Now()))', result: ['3'] }],
  evaluate: (call) => dateTimeOfDate(call.now),
};
