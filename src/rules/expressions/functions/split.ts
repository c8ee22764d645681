// Split: a text → a list, at one character. White space around the parts is dropped.
import { textOf } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import type { Value } from '../values.ts';
import { trimmed } from '../white-space.ts';

const DEFAULT_DELIMITER = ',';
/** The first character counts. */
const delimiterOf = (value: Value): string => {
  const [first = ''] = textOf(value)?.slice(0, 2) ?? DEFAULT_DELIMITER;
  return first;
};

export const split: FunctionDefinition = {
  name: 'Split',
  summary: 'The parts of the source between the delimiter, which is one character.',
  notes: [
    'White space around a part is dropped; empty parts are kept.',
    'Of a longer delimiter the first character counts; when it is omitted, it is a comma.',
    'Null stays null; the parts of several values make one list.',
  ],
  parameters: [text('source'), text('delimiter', { required: false })],
  result: 'several Strings',
  examples: [
    {
      expression: 'Split([extensionAttribute5], ",")',
      attributes: { extensionAttribute5: 'Admin, Reader' },
      result: ['Admin', 'Reader'],
    },
  ],
  evaluate: (call) => {
    const delimiter = call.prepared(1, delimiterOf);
    return call.each(0, (source) => {
      call.spend(4 * source.length);
      return delimiter === '' ? [source] : source.split(delimiter).map(trimmed);
    });
  },
};
