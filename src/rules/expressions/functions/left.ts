// Left: the beginning of a text, in UTF-16 units. Null gives an empty text, unlike most functions.
import type { FunctionDefinition } from '../function-definition.ts';
import { number, text } from '../function-definition.ts';

export const left: FunctionDefinition = {
  name: 'Left',
  summary: 'The first characters of the source.',
  notes: [
    'All of the source when it is shorter, and when the number is negative; nothing when the number is 0.',
    'An empty text when the source is null.',
    'Of several values, the beginning of each.',
  ],
  parameters: [text('String', { key: 'source' }), number('NumChars', { key: 'length' })],
  result: 'String',
  examples: [
    { expression: 'Left("John Doe", 3)', result: ['Joh'] },
    { expression: 'Left([surname], 3)', result: [''] },
  ],
  evaluate: (call) => {
    const length = call.integer(1) ?? 0n;
    return call.each(0, (source) => (length < 0n ? source : source.slice(0, Number(length)))) ?? '';
  },
};
