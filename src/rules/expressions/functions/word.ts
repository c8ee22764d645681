// Word: one word of a text, counted from 1; every character of the delimiters separates, several in a row count as one.
import { integerOf, mapText, textOf } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { number, text } from '../function-definition.ts';

export const word: FunctionDefinition = {
  name: 'Word',
  summary: 'The word with this number, counted from 1; empty when there is none, or when no delimiter occurs.',
  parameters: [text('String', { key: 'source' }), number('WordNumber', { key: 'index' }), text('delimiters')],
  examples: [{ expression: 'Word("The quick brown fox", 3, " ")', result: ['brown'] }],
  evaluate: (call) => {
    const index = integerOf(call.value(1)) ?? 0n;
    const delimiters = textOf(call.value(2)) ?? '';
    return mapText(call.value(0) ?? '', (source) => wordAt(source, index, new Set(delimiters)));
  },
};

function wordAt(source: string, index: bigint, delimiters: ReadonlySet<string>): string {
  const words = [''];
  let separated = false;
  for (const char of source) {
    if (!delimiters.has(char)) words.push((words.pop() ?? '') + char);
    else {
      separated = true;
      if (words.at(-1) !== '') words.push('');
    }
  }
  return separated && index >= 1n ? (words[Number(index) - 1] ?? '') : '';
}
