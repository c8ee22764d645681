// Cuts a filter into tokens: brackets, words (attribute paths, operators, literals) and JSON strings.
import { badRequest } from './scim-error.ts';

export type Token =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'mark'; readonly text: '(' | ')' | '[' | ']' };

const pattern = /\s*(?:([()[\]])|("(?:[^"\\]|\\.)*")|([A-Za-z0-9_$.:+-]+))/y;

export function tokenise(filter: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = filter.trimEnd().length;
  pattern.lastIndex = 0;
  let at = 0;
  while (at < end) {
    pattern.lastIndex = at;
    const match = pattern.exec(filter);
    if (match === null)
      throw badRequest('invalidFilter', `The filter cannot be read from character ${String(at + 1)}: ${filter}`);
    tokens.push(token(match, filter));
    at = pattern.lastIndex;
  }
  return tokens;
}

function token(match: RegExpExecArray, filter: string): Token {
  const [, mark, quoted, word] = match;
  if (quoted !== undefined) return { kind: 'string', value: unquote(quoted, filter) };
  if (word !== undefined) return { kind: 'word', text: word };
  return { kind: 'mark', text: mark as '(' | ')' | '[' | ']' };
}

function unquote(quoted: string, filter: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw badRequest('invalidFilter', `The filter holds a string that is not valid JSON: ${filter}`);
  }
}
