// BitAnd: the bits that two integers have in common.
import type { FunctionDefinition } from '../function-definition.ts';
import { number } from '../function-definition.ts';
import { integer } from '../values.ts';

export const bitAnd: FunctionDefinition = {
  name: 'BitAnd',
  summary: 'The bits that are set in both integers.',
  notes: ['Null counts as 0.', 'Integers have 64 bits and may be written in hexadecimal, as &HF.'],
  parameters: [number('value1', { key: 'left' }), number('value2', { key: 'right' })],
  result: 'Integer',
  examples: [
    { expression: 'BitAnd(&HF, &HF7)', result: ['7'] },
    {
      expression: 'IIF(BitAnd([userAccountControl], 2)="0", "True", "False")',
      attributes: { userAccountControl: '514' },
      result: ['False'],
    },
  ],
  evaluate: (call) => integer(BigInt.asIntN(64, (call.integer(0) ?? 0n) & (call.integer(1) ?? 0n))),
};
