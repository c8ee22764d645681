// Trim: removes white space at both ends.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { trimmed } from '../white-space.ts';

export const trim: FunctionDefinition = {
  name: 'Trim',
  summary: 'The source without white space at its beginning and end.',
  notes: ['Null stays null; several values are trimmed one by one.'],
  dialect: 'cloud-sync',
  parameters: [text('source')],
  result: 'String',
  examples: [
    { expression: 'Trim(" Test ")', result: ['Test'] },
    { expression: 'Trim([proxyAddresses])', attributes: { proxyAddresses: [' a ', 'b '] }, result: ['a', 'b'] },
  ],
  evaluate: (call) => call.each(0, trimmed),
};
