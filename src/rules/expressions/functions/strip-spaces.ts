// StripSpaces: removes blanks (U+0020) everywhere; other white space stays.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

export const stripSpaces: FunctionDefinition = {
  name: 'StripSpaces',
  summary: 'The source without its blanks.',
  notes: ['Tabs and other white space stay.', 'Null stays null; several values are converted one by one.'],
  parameters: [text('source')],
  result: 'String',
  examples: [
    { expression: 'StripSpaces([displayName])', attributes: { displayName: 'Mary Ann Doe' }, result: ['MaryAnnDoe'] },
  ],
  evaluate: (call) => call.each(0, (source) => source.replaceAll(' ', '')),
};
