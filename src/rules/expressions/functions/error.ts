// Error: fails the object with a message of the administrator's own.
import { textOf } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { EvaluationFailure } from '../values.ts';

export const error: FunctionDefinition = {
  name: 'Error',
  summary: 'Fails the object with this message.',
  parameters: [text('message')],
  examples: [
    {
      expression: 'IIF(IsPresent([mail]), [mail], Error("No mail"))',
      attributes: { mail: 'jd@contoso.com' },
      result: ['jd@contoso.com'],
    },
  ],
  evaluate: (call) => {
    throw new EvaluationFailure(textOf(call.value(0)) ?? '');
  },
};
