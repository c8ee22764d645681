// Guid: a new identifier each time.
import type { FunctionDefinition } from '../function-definition.ts';

export const guid: FunctionDefinition = {
  name: 'Guid',
  summary: 'A random GUID in lower case.',
  notes: ['A new one at each evaluation: map it on create only, or the attribute changes in every cycle.'],
  parameters: [],
  result: 'String',
  examples: [{ expression: 'Count(Guid())', result: ['1'] }],
  evaluate: (call) => {
    call.spend(100);
    return call.scope.guid();
  },
};
