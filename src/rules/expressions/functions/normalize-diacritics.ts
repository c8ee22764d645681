// NormalizeDiacritics: letters with marks → plain letters, by Entra's table. What is not in the table stays.
import { plainLetters } from '../diacritics.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

export const normalizeDiacritics: FunctionDefinition = {
  name: 'NormalizeDiacritics',
  summary: 'The source with letters such as é, ö or ł written as e, o, l.',
  notes: [
    'Goes by a table: ä, ö, ü become a, o, u; ß becomes ss, ø oe, æ ae; letters outside of the table, such as đ or þ, stay.',
    'Null stays null; several values are converted one by one.',
  ],
  parameters: [text('source')],
  result: 'String',
  examples: [
    { expression: 'NormalizeDiacritics([givenName])', attributes: { givenName: 'Zoë' }, result: ['Zoe'] },
    { expression: 'NormalizeDiacritics("Jørgen Weiß")', result: ['Joergen Weiss'] },
  ],
  evaluate: (call) =>
    call.each(0, (source) => {
      call.spend(4 * source.length);
      return plainLetters(source);
    }),
};
