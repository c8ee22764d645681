// Coalesce: the first argument that is not null. What stands behind it is not evaluated.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { isNothing } from '../values.ts';

export const coalesce: FunctionDefinition = {
  name: 'Coalesce',
  summary: 'The first source that is not null; the last one serves as the default.',
  notes: [
    'An empty text counts as a value.',
    'Null when all sources are null.',
    'Sources behind it are not evaluated.',
  ],
  parameters: [text('source', { repeats: true, result: true })],
  result: 'same as source',
  examples: [
    {
      expression: 'Coalesce([mail], [userPrincipalName])',
      attributes: { userPrincipalName: 'jd@contoso.com' },
      result: ['jd@contoso.com'],
    },
    { expression: 'Coalesce([mail], [otherMail], "none")', result: ['none'] },
  ],
  evaluate: (call) => {
    for (let index = 0; index < call.count; index += 1) {
      const value = call.value(index);
      if (!isNothing(value)) return value;
    }
    return null;
  },
};
