// InStr: where a text occurs in another one, counted from 1 in UTF-16 units.
import type { FunctionDefinition } from '../function-definition.ts';
import { number, text } from '../function-definition.ts';
import { positionOf } from '../position.ts';
import { casingOf } from '../text-case.ts';

export const inStr: FunctionDefinition = {
  name: 'InStr',
  summary: 'The place of value2 in value1, counted from 1 and searched from start; 0 when it does not occur.',
  notes: [
    'Case matters unless vbTextCompare is given.',
    '0 when one of the two is null; an error when the start is below 1.',
    'An empty value2 is found where the search begins.',
  ],
  parameters: [
    text('value1'),
    text('value2'),
    number('start', { required: false, reads: positionOf }),
    text('compareType', { required: false, words: ['vbTextCompare', 'vbBinaryCompare'] }),
  ],
  result: 'Integer',
  examples: [
    { expression: 'InStr("The quick brown fox", "quick")', result: ['5'] },
    { expression: 'InStr("repEated", "e", 3, vbBinaryCompare)', result: ['7'] },
    { expression: 'InStr("ABC", "b", 1, vbTextCompare)', result: ['2'] },
  ],
  evaluate: (call) => {
    const start = call.given(2) ? call.prepared(2, positionOf) : 1;
    const [value1, value2] = [call.text(0), call.text(1)];
    if (value1 === null || value2 === null || start > value1.length) return 0;
    if (call.word(3) !== 'vbTextCompare') return value1.indexOf(value2, start - 1) + 1;
    call.spend(2 * (value1.length + value2.length));
    const { lower } = casingOf(null);
    return lower(value1).indexOf(lower(value2), start - 1) + 1;
  },
};
