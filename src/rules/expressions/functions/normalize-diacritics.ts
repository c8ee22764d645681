// NormalizeDiacritics: letters with marks → plain letters, by Entra's table. What is not in the table stays.
import { mapText } from '../coerce.ts';
import { plainLetters } from '../diacritics.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

export const normalizeDiacritics: FunctionDefinition = {
  name: 'NormalizeDiacritics',
  summary:
    'The source with letters such as é, ö or ł written as e, o, l; letters outside of the table stay as they are.',
  parameters: [text('source')],
  examples: [{ expression: 'NormalizeDiacritics([givenName])', attributes: { givenName: 'Zoë' }, result: ['Zoe'] }],
  evaluate: (call) => mapText(call.value(0), plainLetters),
};
