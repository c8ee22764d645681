// $filter → tree: comparisons and text functions, joined by and, or, not and parentheses.
import type { ConfigError } from '../../../rules/model/errors.ts';
import { filterError, tokenize } from './tokens.ts';
import type { FilterValue, Token } from './tokens.ts';

const comparisons = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;
const textFunctions = ['contains', 'startswith', 'endswith'] as const;
export type FilterOperator = (typeof comparisons)[number] | (typeof textFunctions)[number];

/** One condition; `property` is lower-case, because clients write names in any case. */
export interface FilterTerm {
  readonly kind: 'term';
  readonly operator: FilterOperator;
  readonly property: string;
  readonly value: FilterValue;
}
export type Filter =
  | FilterTerm
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly operand: Filter };

/** Throws ConfigError that names the place. */
export function parseFilter(text: string): Filter {
  const input = cursorOver(tokenize(text));
  const parsed = expression(input, 0);
  const rest = input.next();
  if (rest.kind !== 'end') throw filterError(`does not end at position ${String(rest.at + 1)}`);
  return parsed;
}

interface Cursor {
  peek(): Token;
  next(): Token;
  /** Moves on when the next token is this word. */
  takes(word: string): boolean;
}

function cursorOver(tokens: readonly Token[]): Cursor {
  let position = 0;
  const peek = (): Token => tokens[position] ?? { kind: 'end', at: 0 };
  const next = (): Token => {
    const token = peek();
    position += 1;
    return token;
  };
  const takes = (word: string): boolean => {
    const token = peek();
    const found = token.kind === 'name' && token.text.toLowerCase() === word;
    if (found) position += 1;
    return found;
  };
  return { peek, next, takes };
}

const DEEPEST = 50;

function expression(input: Cursor, depth: number): Filter {
  if (depth > DEEPEST) throw filterError(`is nested more than ${String(DEEPEST)} levels deep`);
  return joined(input, 'or', () => joined(input, 'and', () => factor(input, depth)));
}

function joined(input: Cursor, word: 'and' | 'or', operand: () => Filter): Filter {
  let left = operand();
  while (input.takes(word)) left = { kind: word, left, right: operand() };
  return left;
}

function factor(input: Cursor, depth: number): Filter {
  const negated = input.takes('not');
  if (!negated && input.peek().kind !== '(') return term(input);
  expect(input, '(');
  const inner = expression(input, depth + 1);
  expect(input, ')');
  return negated ? { kind: 'not', operand: inner } : inner;
}

function term(input: Cursor): FilterTerm {
  const first = name(input);
  if (input.peek().kind === '(') return textFunction(input, first);
  const word = input.next();
  const operator = comparisons.find((known) => word.kind === 'name' && known === word.text.toLowerCase());
  if (operator === undefined) throw missing(word, `operator (one of ${comparisons.join(', ')})`);
  return { kind: 'term', operator, property: first.toLowerCase(), value: value(input) };
}

function textFunction(input: Cursor, called: string): FilterTerm {
  const operator = textFunctions.find((known) => known === called.toLowerCase());
  if (operator === undefined) throw filterError(`calls '${called}'; use one of ${textFunctions.join(', ')}`);
  expect(input, '(');
  const property = name(input).toLowerCase();
  expect(input, ',');
  const wanted = value(input);
  expect(input, ')');
  return { kind: 'term', operator, property, value: wanted };
}

function expect(input: Cursor, kind: '(' | ')' | ','): void {
  const token = input.next();
  if (token.kind !== kind) throw missing(token, `'${kind}'`);
}

function name(input: Cursor): string {
  const token = input.next();
  if (token.kind !== 'name') throw missing(token, 'property');
  return token.text;
}

function value(input: Cursor): FilterValue {
  const token = input.next();
  if (token.kind !== 'value') throw missing(token, "value such as 'text' or 2026-01-31T00:00:00Z");
  return token.value;
}

const missing = (token: Token, wanted: string): ConfigError =>
  filterError(`has no ${wanted} at position ${String(token.at + 1)}`);
