// IIF: one of two values by a condition. Only the chosen one is evaluated.
import { booleanOf } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { boolean, text } from '../function-definition.ts';

export const iif: FunctionDefinition = {
  name: 'IIF',
  summary: 'valueIfTrue when the condition holds, otherwise valueIfFalse.',
  notes: [
    'Only the chosen value is evaluated.',
    'The condition is a comparison, True or False, or a number (0 is false); null is false.',
    'There is no AND and OR: nest another IIF in valueIfTrue for AND, in valueIfFalse for OR.',
    'In the portal of Entra a condition whose attribute is null or empty is not supported; here it is evaluated as it reads.',
  ],
  parameters: [
    boolean('condition', { key: 'one', comparisonKeys: { operator: 'two', right: 'three' } }),
    text('valueIfTrue', { key: 'four', result: true }),
    text('valueIfFalse', { key: 'five', required: false, result: true }),
  ],
  result: 'same as source',
  allSlots: true,
  check: (args) =>
    args.length === 3
      ? null
      : {
          message:
            'IIF needs three arguments: (condition, valueIfTrue, valueIfFalse); leave the last one empty for null.',
        },
  examples: [
    {
      expression: 'IIF([country]="USA", IIF([state]="CA", "True", "False"), "False")',
      attributes: { country: 'USA', state: 'CA' },
      result: ['True'],
    },
    {
      expression: 'IIF([country]="USA", [country], [department])',
      attributes: { country: 'CAN', department: 'Sales' },
      result: ['Sales'],
    },
  ],
  evaluate: (call) => call.value(booleanOf(call.value(0)) ? 1 : 2),
};
