// RemoveDuplicates: each value once, in the order of first occurrence, with regard to case.
import { textOf } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { isComplex, listOf } from '../values.ts';

export const removeDuplicates: FunctionDefinition = {
  name: 'RemoveDuplicates',
  summary: 'The values without repetitions, in the order of their first occurrence.',
  notes: ['Values that differ in case are different.', 'Null gives no values.'],
  parameters: [text('attribute', { key: 'source' })],
  result: 'several Strings',
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
      const key = isComplex(value) ? JSON.stringify(value.complex) : (textOf(value) ?? '');
      call.spend(key.length + 1);
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
  },
};
