// Count: how many values an attribute has.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { listOf } from '../values.ts';

export const count: FunctionDefinition = {
  name: 'Count',
  summary: 'The number of values; 0 for null.',
  parameters: [text('attribute', { key: 'source' })],
  examples: [{ expression: 'Count([proxyAddresses])', attributes: { proxyAddresses: ['a', 'b'] }, result: ['2'] }],
  evaluate: (call) => listOf(call.value(0)).length,
};
