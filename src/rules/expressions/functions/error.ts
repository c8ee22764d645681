// Error: fails the object with a message of the administrator's own.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { EvaluationFailure } from '../values.ts';

export const error: FunctionDefinition = {
  name: 'Error',
  summary: 'Fails the object with this message.',
  notes: ['Put it into a branch of IIF, Switch or Coalesce: it is evaluated only when that branch is chosen.'],
  dialect: 'cloud-sync',
  parameters: [text('message')],
  result: 'String',
  examples: [
    {
      expression: 'IIF(IsPresent([mail]), [mail], Error("No mail"))',
      attributes: { mail: 'jd@contoso.com' },
      result: ['jd@contoso.com'],
    },
  ],
  evaluate: (call) => {
    throw new EvaluationFailure((call.text(0) ?? '').slice(0, LONGEST_MESSAGE));
  },
};

const LONGEST_MESSAGE = 1000;
