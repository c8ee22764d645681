// StripSpaces: removes blanks (U+0020) everywhere; other white space stays.
import { mapText } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

export const stripSpaces: FunctionDefinition = {
  name: 'StripSpaces',
  summary: 'The source without its blanks.',
  parameters: [text('source')],
  examples: [
    { expression: 'StripSpaces([displayName])', attributes: { displayName: 'Mary Ann Doe' }, result: ['MaryAnnDoe'] },
  ],
  evaluate: (call) => mapText(call.value(0), (source) => source.replaceAll(' ', '')),
};
