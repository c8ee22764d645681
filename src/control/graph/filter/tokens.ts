// Words of an OData $filter expression.
import { ConfigError } from '../../../rules/model/errors.ts';

export type Token =
  | { readonly kind: 'name'; readonly text: string; readonly at: number }
  | { readonly kind: 'value'; readonly value: FilterValue; readonly at: number }
  | { readonly kind: '(' | ')' | ','; readonly at: number }
  | { readonly kind: 'end'; readonly at: number };
export type FilterValue = string | number | boolean | null | Date;

/** Longer filters are refused: no client writes them by hand. */
const LONGEST = 4_000;

const patterns = {
  blank: /\s+/y,
  punctuation: /[(),]/y,
  text: /'((?:[^']|'')*)'/y,
  date: /\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})|(?![\w:-]))/iy,
  number: /-?\d+(?:\.\d+)?(?![\w-])/y,
  name: /[A-Za-z_][\w]*(?:\/[A-Za-z_]\w*)*/y,
} as const;

/** Throws ConfigError that names the place. */
export function tokenize(filter: string): readonly Token[] {
  if (filter.length > LONGEST)
    throw filterError(`is ${String(filter.length)} characters long; at most ${String(LONGEST)} are read`);
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(filter);
  };
  while (at < filter.length) {
    const blank = take(patterns.blank);
    const found =
      blank ??
      take(patterns.punctuation) ??
      take(patterns.text) ??
      take(patterns.date) ??
      take(patterns.number) ??
      take(patterns.name);
    if (found === null)
      throw filterError(`cannot be read at position ${String(at + 1)}: '${filter.slice(at, at + 20)}'`);
    if (blank === null) tokens.push(tokenOf(found, at));
    at += found[0].length;
  }
  return [...tokens, { kind: 'end', at }];
}

function tokenOf(found: RegExpExecArray, at: number): Token {
  const [text, quoted] = found;
  if (text === '(' || text === ')' || text === ',') return { kind: text, at };
  if (quoted !== undefined) return { kind: 'value', value: quoted.replaceAll("''", "'"), at };
  if (/^\d{4}-\d{2}-\d{2}/.test(text)) return { kind: 'value', value: dateOf(text), at };
  if (/^[-\d]/.test(text)) return { kind: 'value', value: Number(text), at };
  const literal = literals.get(text.toLowerCase());
  return literal === undefined ? { kind: 'name', text, at } : { kind: 'value', value: literal, at };
}

const literals = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** A day without a time is its first moment in UTC. */
function dateOf(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw filterError(`has a time that does not exist: ${text}`);
  return date;
}

export const filterError = (what: string): ConfigError =>
  new ConfigError('Request_BadRequest', `Invalid filter clause: $filter ${what}.`, '$filter');
