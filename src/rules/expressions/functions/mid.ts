// Mid: a part of a text, counted from 1 in UTF-16 units.
import type { FunctionDefinition } from '../function-definition.ts';
import { number, text } from '../function-definition.ts';
import { lengthOf, positionOf } from '../position.ts';

export const mid: FunctionDefinition = {
  name: 'Mid',
  summary: 'length characters of the source from start, which counts from 1.',
  notes: [
    'The length may go beyond the end; a start beyond the end gives an empty text.',
    'An error when start is below 1 or length below 0.',
    'Null stays null; of several values, the part of each.',
  ],
  parameters: [text('source'), number('start', { reads: positionOf }), number('length', { reads: lengthOf })],
  result: 'String',
  examples: [
    { expression: 'Mid([surname], 1, 3)', attributes: { surname: 'Smith' }, result: ['Smi'] },
    { expression: 'Mid([surname], 2, 64)', attributes: { surname: 'Smith' }, result: ['mith'] },
    { expression: 'Mid([surname], 9, 2)', attributes: { surname: 'Smith' }, result: [''] },
  ],
  evaluate: (call) => {
    const from = call.prepared(1, positionOf) - 1;
    const length = call.prepared(2, lengthOf);
    return call.each(0, (source) => source.slice(from, from + length));
  },
};
