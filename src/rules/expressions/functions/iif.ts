// IIF: one of two values by a condition. Only the chosen one is evaluated.
import { booleanOf } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { boolean, text } from '../function-definition.ts';

export const iif: FunctionDefinition = {
  name: 'IIF',
  summary: 'valueIfTrue when the condition holds, otherwise valueIfFalse; nest calls to combine conditions.',
  parameters: [
    boolean('condition', { key: 'one', comparisonKeys: { operator: 'two', right: 'three' } }),
    text('valueIfTrue', { key: 'four', result: true }),
    text('valueIfFalse', { key: 'five', required: false, result: true }),
  ],
  allSlots: true,
  check: (args) =>
    args.length === 3
      ? null
      : 'IIF needs three arguments: (condition, valueIfTrue, valueIfFalse); leave the last one empty for null.',
  examples: [
    {
      expression: 'IIF([country]="USA", [country], [department])',
      attributes: { country: 'CAN', department: 'Sales' },
      result: ['Sales'],
    },
  ],
  evaluate: (call) => call.value(booleanOf(call.value(0)) ? 1 : 2),
};
