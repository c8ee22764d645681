// InStr: where a text occurs in another one, counted from 1 in UTF-16 units.
import { integerOf, textOf } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { number, text } from '../function-definition.ts';
import { casingOf } from '../text-case.ts';
import { EvaluationFailure } from '../values.ts';

export const inStr: FunctionDefinition = {
  name: 'InStr',
  summary:
    'The place of value2 in value1, counted from 1; 0 when it does not occur. Case matters unless vbTextCompare is given.',
  parameters: [
    text('value1'),
    text('value2'),
    number('start', { required: false }),
    text('compareType', { required: false, words: ['vbTextCompare', 'vbBinaryCompare'] }),
  ],
  examples: [
    { expression: 'InStr("The quick brown fox", "quick")', result: ['5'] },
    { expression: 'InStr("repEated", "e", 3, vbBinaryCompare)', result: ['7'] },
  ],
  evaluate: (call) => {
    const start = integerOf(call.value(2)) ?? 1n;
    if (start < 1n) throw new EvaluationFailure(`the start is ${String(start)}, but the first character has number 1.`);
    const fold = call.word(3) === 'vbTextCompare' ? casingOf(null).lower : (value: string): string => value;
    const value1 = fold(textOf(call.value(0)) ?? '');
    return value1.indexOf(fold(textOf(call.value(1)) ?? ''), Number(start) - 1) + 1;
  },
};
