// Mid: a part of a text, counted from 1 in UTF-16 units.
import { integerOf, mapText } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { number, text } from '../function-definition.ts';
import { EvaluationFailure } from '../values.ts';

export const mid: FunctionDefinition = {
  name: 'Mid',
  summary: 'length characters of the source from start, which counts from 1; what is beyond the end is empty.',
  parameters: [text('source'), number('start'), number('length')],
  examples: [
    { expression: 'Mid([surname], 1, 3)', attributes: { surname: 'Smith' }, result: ['Smi'] },
    { expression: 'Mid([surname], 2, 64)', attributes: { surname: 'Smith' }, result: ['mith'] },
  ],
  evaluate: (call) => {
    const start = integerOf(call.value(1)) ?? 1n;
    const length = integerOf(call.value(2)) ?? 0n;
    if (start < 1n) throw new EvaluationFailure(`the start is ${String(start)}, but the first character has number 1.`);
    if (length < 0n) throw new EvaluationFailure(`the length is ${String(length)}, but it cannot be negative.`);
    const from = Number(start) - 1;
    return mapText(call.value(0), (source) => source.slice(from, from + Number(length)));
  },
};
