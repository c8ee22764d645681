// Join: sources with a separator between them. Null and empty sources drop out together with their separator.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

export const join: FunctionDefinition = {
  name: 'Join',
  summary: 'All sources, and all values of multi-valued sources, with the separator between them.',
  notes: [
    'Null and empty sources are left out together with their separator; a blank is content.',
    'An empty text when nothing is left.',
    'The separator may be "".',
  ],
  parameters: [text('separator'), text('source', { repeats: true })],
  result: 'String',
  examples: [
    {
      expression: 'Join(" ", [givenName], [surname])',
      attributes: { givenName: 'John', surname: 'Doe' },
      result: ['John Doe'],
    },
    { expression: 'Join(" ", [givenName], [surname])', attributes: { surname: 'Doe' }, result: ['Doe'] },
    { expression: 'Join(",", [proxyAddresses])', attributes: { proxyAddresses: ['a', 'b'] }, result: ['a,b'] },
  ],
  evaluate: (call) => {
    const separator = call.text(0) ?? '';
    const parts: string[] = [];
    for (let source = 1; source < call.count; source += 1) {
      for (const text of call.texts(source)) {
        call.spend(separator.length);
        if (text !== '') parts.push(text);
      }
    }
    return parts.join(separator);
  },
};
