// Word: one word of a text, counted from 1; every character of the delimiters separates, several in a row count as one.
import type { FunctionDefinition } from '../function-definition.ts';
import { number, text } from '../function-definition.ts';

export const word: FunctionDefinition = {
  name: 'Word',
  summary: 'The word with this number, counted from 1; every character of the delimiters separates words.',
  notes: [
    'Several delimiters in a row count as one.',
    'An empty text when the source is null, when it has fewer words, when no delimiter occurs in it, and for a number below 1.',
    'Of several values, the word of each.',
  ],
  parameters: [text('String', { key: 'source' }), number('WordNumber', { key: 'index' }), text('delimiters')],
  result: 'String',
  examples: [
    { expression: 'Word("The quick brown fox", 3, " ")', result: ['brown'] },
    { expression: 'Word("This,string!has&many separators", 3, ",!&#")', result: ['has'] },
  ],
  evaluate: (call) => {
    const index = call.integer(1) ?? 0n;
    const delimiters = new Set(call.text(2) ?? '');
    const wordOf = (source: string): string => {
      call.spend(6 * source.length);
      return wordAt(source, index, delimiters);
    };
    return call.each(0, wordOf) ?? '';
  },
};

function wordAt(source: string, index: bigint, delimiters: ReadonlySet<string>): string {
  let found: string | undefined;
  let words = 0n;
  let [start, at, separated] = [0, 0, false];
  const endWord = (): void => {
    if (at > start) words += 1n;
    if (at > start && words === index) found = source.slice(start, at);
  };
  for (const char of source) {
    if (delimiters.has(char)) {
      endWord();
      separated = true;
      start = at + char.length;
    }
    at += char.length;
  }
  endWord();
  return separated ? (found ?? '') : '';
}
