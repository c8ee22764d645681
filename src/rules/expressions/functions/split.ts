// Split: a text → a list, at one character. Blanks around the parts are dropped.
import { mapText, textOf } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

const DEFAULT_DELIMITER = ',';

export const split: FunctionDefinition = {
  name: 'Split',
  summary: 'The parts of the source between the delimiter, which is one character (a comma when it is omitted).',
  parameters: [text('source'), text('delimiter', { required: false })],
  examples: [
    {
      expression: 'Split([extensionAttribute5], ",")',
      attributes: { extensionAttribute5: 'Admin, Reader' },
      result: ['Admin', 'Reader'],
    },
  ],
  evaluate: (call) => {
    const delimiter = (textOf(call.value(1)) ?? DEFAULT_DELIMITER).charAt(0);
    return mapText(call.value(0), (source) =>
      delimiter === '' ? [source] : source.split(delimiter).map((part) => part.trim()),
    );
  },
};
