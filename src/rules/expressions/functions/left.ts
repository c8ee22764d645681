// Left: the beginning of a text, in UTF-16 units. Null gives an empty text, unlike most functions.
import { integerOf, mapText } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { number, text } from '../function-definition.ts';

export const left: FunctionDefinition = {
  name: 'Left',
  summary:
    'The first characters of the source; all of it when the number is negative, nothing when the source is null.',
  parameters: [text('source'), number('NumChars', { key: 'length' })],
  examples: [{ expression: 'Left("John Doe", 3)', result: ['Joh'] }],
  evaluate: (call) => {
    const length = integerOf(call.value(1)) ?? 0n;
    return mapText(call.value(0) ?? '', (source) => (length < 0n ? source : source.slice(0, Number(length))));
  },
};
