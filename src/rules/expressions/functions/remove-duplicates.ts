// RemoveDuplicates: each value once, in the order of first occurrence, with regard to case.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { textOf } from '../coerce.ts';
import { listOf } from '../values.ts';

export const removeDuplicates: FunctionDefinition = {
  name: 'RemoveDuplicates',
  summary: 'The values without repetitions.',
  parameters: [text('attribute', { key: 'source' })],
  examples: [
    {
      expression: 'RemoveDuplicates([proxyAddresses])',
      attributes: { proxyAddresses: ['a', 'b', 'a'] },
      result: ['a', 'b'],
    },
  ],
  evaluate: (call) => {
    const seen = new Set<string>();
    return listOf(call.value(0)).filter((value) => {
      const text = textOf(value) ?? '';
      if (seen.has(text)) return false;
      seen.add(text);
      return true;
    });
  },
};
