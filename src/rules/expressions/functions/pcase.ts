// PCase: Proper Case. Without separators the words are those of .NET's ToTitleCase.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { properCase, titleCase } from '../text-case.ts';

export const pcase: FunctionDefinition = {
  name: 'PCase',
  summary: 'Each word with a capital and the rest in lower case.',
  notes: [
    'Every character of wordSeparators ends a word.',
    'Without wordSeparators, blanks and punctuation end a word, but neither digits nor an apostrophe behind a letter.',
    'Null stays null; several values are converted one by one.',
  ],
  parameters: [text('source'), text('wordSeparators', { required: false })],
  result: 'String',
  examples: [
    { expression: 'PCase("MARY-ANN o\'brien")', result: ["Mary-Ann O'brien"] },
    { expression: `PCase([surname], " '-")`, attributes: { surname: "PINTO-DE'SILVA" }, result: ["Pinto-De'Silva"] },
  ],
  evaluate: (call) => {
    const separators = call.text(1);
    return call.each(0, (source) => {
      call.spend(8 * source.length);
      return separators === null ? titleCase(source) : properCase(source, separators);
    });
  },
};
