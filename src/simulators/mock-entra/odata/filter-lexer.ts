// Splits the text of `$filter` into tokens.
import { unsupportedQuery } from '../http/errors.ts';

export type Token =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'sign'; readonly text: '(' | ')' | ',' | ':' };

const pattern = /\s*(?:('(?:[^']|'')*')|(\d{4}-\d\d-\d\dT[\d:.]+Z?)|(-?\d+(?:\.\d+)?)(?![\w-])|([\w$.@/-]+)|([(),:]))/y;

export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  for (pattern.lastIndex = 0; pattern.lastIndex < end;) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null)
      throw unsupportedQuery(`Invalid filter clause: unexpected text at position ${String(at)} in '${text}'.`);
    tokens.push(tokenOf(match));
  }
  return tokens;
}

const words: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

function tokenOf([, quoted, date, number, word, sign]: RegExpExecArray): Token {
  if (quoted !== undefined) return { kind: 'literal', value: quoted.slice(1, -1).replaceAll("''", "'") };
  if (date !== undefined) return { kind: 'literal', value: date };
  if (number !== undefined) return { kind: 'literal', value: Number(number) };
  if (word === undefined) return { kind: 'sign', text: sign as '(' | ')' | ',' | ':' };
  const constant = words[word];
  return constant === undefined ? { kind: 'word', text: word } : { kind: 'literal', value: constant };
}
