// Guid: a new identifier each time.
import type { FunctionDefinition } from '../function-definition.ts';

export const guid: FunctionDefinition = {
  name: 'Guid',
  summary: 'A random GUID in lower case.',
  parameters: [],
  examples: [{ expression: 'Count(Guid())', result: ['1'] }],
  evaluate: (call) => call.guid(),
};
