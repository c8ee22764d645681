// PCase: Proper Case. Without separators the words are those of .NET's ToTitleCase.
import { mapText, textOf } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { properCase, titleCase } from '../text-case.ts';

export const pcase: FunctionDefinition = {
  name: 'PCase',
  summary: 'Each word with a capital and the rest in lower case; every character of wordSeparators ends a word.',
  parameters: [text('source'), text('wordSeparators', { required: false })],
  examples: [
    { expression: `PCase([surname], " '-")`, attributes: { surname: "PINTO-DE'SILVA" }, result: ["Pinto-De'Silva"] },
  ],
  evaluate: (call) => {
    const separators = textOf(call.value(1));
    return mapText(call.value(0), (source) =>
      separators === null ? titleCase(source) : properCase(source, separators),
    );
  },
};
