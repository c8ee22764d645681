// BitAnd: the bits that two integers have in common.
import { integerOf } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { number } from '../function-definition.ts';
import { integer } from '../values.ts';

export const bitAnd: FunctionDefinition = {
  name: 'BitAnd',
  summary: 'The bits set in both integers; null counts as 0.',
  parameters: [number('value1', { key: 'left' }), number('value2', { key: 'right' })],
  examples: [{ expression: 'BitAnd(&HF, &HF7)', result: ['7'] }],
  evaluate: (call) => integer(BigInt.asIntN(64, (integerOf(call.value(0)) ?? 0n) & (integerOf(call.value(1)) ?? 0n))),
};
