// Trim: removes white space at both ends.
import { mapText } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

export const trim: FunctionDefinition = {
  name: 'Trim',
  summary: 'The source without white space at its beginning and end.',
  parameters: [text('source')],
  examples: [
    { expression: 'Trim([proxyAddresses])', attributes: { proxyAddresses: [' a ', 'b '] }, result: ['a', 'b'] },
  ],
  evaluate: (call) => mapText(call.value(0), (source) => source.trim()),
};
