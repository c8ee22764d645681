// CBool: the result of a comparison, or whether a number is not 0.
import { booleanOf } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { boolean } from '../function-definition.ts';

export const cbool: FunctionDefinition = {
  name: 'CBool',
  summary: 'True when the comparison holds, or when the value is True or a number other than 0.',
  parameters: [boolean('expression', { key: 'source' })],
  examples: [
    { expression: 'CBool([city]=[state])', attributes: { city: 'Berlin', state: 'Berlin' }, result: ['True'] },
  ],
  evaluate: (call) => booleanOf(call.value(0)),
};
