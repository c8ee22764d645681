// Now: the current time.
import { dateTimeOfDate } from '../dates/calendar.ts';
import type { FunctionDefinition } from '../function-definition.ts';

export const now: FunctionDefinition = {
  name: 'Now',
  summary: 'The current time in UTC.',
  notes: ['Another one at each evaluation: mapped directly, the attribute changes in every cycle.'],
  parameters: [],
  result: 'DateTime',
  examples: [{ expression: 'DateDiff("d", Now(), DateAdd("d", 3, Now()))', result: ['3'] }],
  evaluate: ({ scope }) => dateTimeOfDate(scope.now),
};
