// CBool: the result of a comparison, or whether a number is not 0.
import { booleanOf } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { boolean } from '../function-definition.ts';

export const cbool: FunctionDefinition = {
  name: 'CBool',
  summary: 'True when the comparison holds, or when the value is True or a number other than 0.',
  notes: ['False for null; an error for a text that is neither a number nor True or False.'],
  parameters: [boolean('expression', { key: 'source' })],
  result: 'Boolean',
  examples: [
    { expression: 'CBool([city]=[state])', attributes: { city: 'Berlin', state: 'Berlin' }, result: ['True'] },
    { expression: 'CBool("0")', result: ['False'] },
  ],
  evaluate: (call) => booleanOf(call.value(0)),
};
