// Count: how many values an attribute has.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { listOf } from '../values.ts';

export const count: FunctionDefinition = {
  name: 'Count',
  summary: 'The number of values.',
  notes: ['0 for null, 1 for a single value.'],
  parameters: [text('attribute', { key: 'source' })],
  result: 'Integer',
  examples: [
    { expression: 'Count([proxyAddresses])', attributes: { proxyAddresses: ['a', 'b'] }, result: ['2'] },
    { expression: 'Count([proxyAddresses])', result: ['0'] },
  ],
  evaluate: (call) => listOf(call.value(0)).length,
};
