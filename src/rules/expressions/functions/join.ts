// Join: sources with a separator between them. Null and empty sources drop out together with their separator.
import { textsOf } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { textOf } from '../coerce.ts';

export const join: FunctionDefinition = {
  name: 'Join',
  summary:
    'All sources, and all values of multi-valued sources, with the separator between them; null and empty ones are left out.',
  parameters: [text('separator'), text('source', { repeats: true })],
  examples: [
    {
      expression: 'Join(" ", [givenName], [surname])',
      attributes: { givenName: 'John', surname: 'Doe' },
      result: ['John Doe'],
    },
    { expression: 'Join(" ", [givenName], [surname])', attributes: { surname: 'Doe' }, result: ['Doe'] },
  ],
  evaluate: (call) => {
    const separator = textOf(call.value(0)) ?? '';
    const sources = Array.from({ length: call.count - 1 }, (_, i) => textsOf(call.value(i + 1))).flat();
    return sources.filter((source) => source !== '').join(separator);
  },
};
