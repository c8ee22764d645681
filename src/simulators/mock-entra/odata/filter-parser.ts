// `$filter` → tree. Grammar: or < and < not < comparison | startsWith/endsWith(path, text) | path in (…) | path/any(x:…).
// What is outside is refused with Request_UnsupportedQuery, as Graph refuses it.
import { unsupportedQuery } from '../http/errors.ts';
import { tokenize, type Token } from './filter-lexer.ts';

export type Literal = string | number | boolean | null;
const comparisons = ['eq', 'ne', 'ge', 'le', 'gt', 'lt'] as const;
export type Comparison = (typeof comparisons)[number];
const textFunctions = ['startsWith', 'endsWith'] as const;
type TextFunction = (typeof textFunctions)[number];
export type Filter =
  | { readonly op: 'or' | 'and'; readonly left: Filter; readonly right: Filter }
  | { readonly op: 'not'; readonly operand: Filter }
  | { readonly op: 'compare'; readonly by: Comparison; readonly path: string; readonly value: Literal }
  | { readonly op: 'in'; readonly path: string; readonly values: readonly Literal[] }
  | { readonly op: 'text'; readonly by: TextFunction; readonly path: string; readonly value: string }
  /** `variable` stands for the element in the paths of `operand`. */
  | { readonly op: 'any'; readonly path: string; readonly variable: string; readonly operand: Filter };

interface Reader {
  readonly text: string;
  readonly tokens: readonly Token[];
  position: number;
}

/** Parses the whole text; throws GraphError 400 for what is not understood. */
export function parseFilter(text: string): Filter {
  const reader: Reader = { text, tokens: tokenize(text), position: 0 };
  const filter = disjunction(reader);
  if (reader.position < reader.tokens.length) throw unexpected(reader);
  return filter;
}

const unexpected = ({ text, tokens, position }: Reader): Error => {
  const token = tokens[position];
  const found = token === undefined ? 'the end' : `'${String(token.kind === 'literal' ? token.value : token.text)}'`;
  return unsupportedQuery(`Invalid or unsupported filter clause: unexpected ${found} in '${text}'.`);
};

function isNext({ tokens, position }: Reader, text: string): boolean {
  const token = tokens[position];
  return token !== undefined && token.kind !== 'literal' && token.text.toLowerCase() === text;
}

function accept(reader: Reader, text: string): boolean {
  const found = isNext(reader, text);
  if (found) reader.position += 1;
  return found;
}

function expect(reader: Reader, text: string): void {
  if (!accept(reader, text)) throw unexpected(reader);
}

function disjunction(reader: Reader): Filter {
  let left = conjunction(reader);
  while (accept(reader, 'or')) left = { op: 'or', left, right: conjunction(reader) };
  return left;
}

function conjunction(reader: Reader): Filter {
  let left = negation(reader);
  while (accept(reader, 'and')) left = { op: 'and', left, right: negation(reader) };
  return left;
}

function negation(reader: Reader): Filter {
  return accept(reader, 'not') ? { op: 'not', operand: negation(reader) } : primary(reader);
}

function primary(reader: Reader): Filter {
  if (accept(reader, '(')) {
    const inner = disjunction(reader);
    expect(reader, ')');
    return inner;
  }
  const path = word(reader);
  if (/\/any$/i.test(path)) return lambda(reader, path.slice(0, -4));
  if (isNext(reader, '(')) return textFunction(reader, path);
  return accept(reader, 'in') ? membership(reader, path) : comparison(reader, path);
}

function word(reader: Reader): string {
  const token = reader.tokens[reader.position];
  if (token?.kind !== 'word') throw unexpected(reader);
  reader.position += 1;
  return token.text;
}

function literal(reader: Reader): Literal {
  const token = reader.tokens[reader.position];
  const guid = token?.kind === 'word' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(token.text);
  if (token?.kind !== 'literal' && !guid) throw unexpected(reader);
  reader.position += 1;
  return token.kind === 'literal' ? token.value : token.text;
}

function textFunction(reader: Reader, name: string): Filter {
  const by = textFunctions.find((known) => known.toLowerCase() === name.toLowerCase());
  if (by === undefined)
    throw unsupportedQuery(`Unsupported property filter clause: function '${name}' is not supported.`);
  expect(reader, '(');
  const path = word(reader);
  expect(reader, ',');
  const value = literal(reader);
  expect(reader, ')');
  if (typeof value !== 'string') throw unsupportedQuery(`The second argument of ${by} is a text in single quotes.`);
  return { op: 'text', by, path, value };
}

function membership(reader: Reader, path: string): Filter {
  expect(reader, '(');
  const values = [literal(reader)];
  while (accept(reader, ',')) values.push(literal(reader));
  expect(reader, ')');
  return { op: 'in', path, values };
}

function comparison(reader: Reader, path: string): Filter {
  const by = comparisons.find((known) => isNext(reader, known));
  if (by === undefined) throw unexpected(reader);
  reader.position += 1;
  return { op: 'compare', by, path, value: literal(reader) };
}

function lambda(reader: Reader, path: string): Filter {
  expect(reader, '(');
  const variable = word(reader);
  expect(reader, ':');
  const operand = disjunction(reader);
  expect(reader, ')');
  return { op: 'any', path, variable, operand };
}
