// Text of an expression → tokens with their place. One pass; a token never looks further back than its own start.
import type { CompareOperator } from './ast.ts';
import { isCompareOperator } from './ast.ts';
import { foreignOperator } from './other-languages.ts';

/** `at` and `end` count UTF-16 units from the start of the text. */
export type Token = { readonly at: number; readonly end: number } & (
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: bigint; readonly hex: boolean }
  | { readonly kind: 'operator'; readonly operator: CompareOperator }
  | { readonly kind: '(' | ')' | ',' | 'end' }
);

/** Text that is no expression. Caught by `parseExpression`, which answers it as data. */
export class SyntaxFailure extends Error {
  override readonly name = 'SyntaxFailure';
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const blank = /[ \t\r\n]/;
const letter = /[A-Za-z]/;

/** Reads the token that starts at or after `from`. Throws SyntaxFailure. */
export function nextToken(text: string, from: number): Token {
  let at = from;
  while (at < text.length && blank.test(text.charAt(at))) at += 1;
  const char = text.charAt(at);
  if (char === '') return { kind: 'end', at, end: at };
  if (char === '(' || char === ')' || char === ',') return { kind: char, at, end: at + 1 };
  if (char === '"') return stringToken(text, at);
  if (char === '[') return attributeToken(text, at);
  if (letter.test(char)) return nameToken(text, at);
  if (/[-0-9&]/.test(char)) return numberToken(text, at);
  if (/[<>=]/.test(char)) return operatorToken(text, at);
  throw new SyntaxFailure(foreignOperator(text, at) ?? strangeCharacter(char), at);
}

function strangeCharacter(char: string): string {
  if (/[“”„«»‘’']/.test(char))
    return `${char} is no quote of this language: put constants in straight double quotes ("text").`;
  if (char === ']') return 'A closing bracket without an attribute before it: write [attribute].';
  return `The character ${char} has no meaning here: put text in straight double quotes and attributes in brackets.`;
}

function nameToken(text: string, at: number): Token {
  let end = at + 1;
  while (/[A-Za-z0-9]/.test(text.charAt(end))) end += 1;
  return { kind: 'name', text: text.slice(at, end), at, end };
}

// A backslash escapes itself and the quote; before anything else it is an ordinary character (regular expressions).
function stringToken(text: string, at: number): Token {
  let value = '';
  for (let i = at + 1; i < text.length; i += 1) {
    const char = text.charAt(i);
    const next = text.charAt(i + 1);
    if (char === '"') return { kind: 'string', value, at, end: i + 1 };
    if (char === '\\' && (next === '\\' || next === '"')) {
      value += next;
      i += 1;
    } else value += char;
  }
  throw new SyntaxFailure(
    'The constant that starts here has no closing quote; inside a constant write \\" for a quote and \\\\ for a backslash.',
    at,
  );
}

// Brackets nest in names such as emails[type eq "work"].value, and inside their quotes they count for nothing.
function attributeToken(text: string, at: number): Token {
  let depth = 0;
  let quoted = false;
  for (let i = at; i < text.length; i += 1) {
    const char = text.charAt(i);
    if (char === '"' && depth > 1) quoted = !quoted;
    else if (char === '[' && !quoted) depth += 1;
    else if (char === ']' && !quoted) depth -= 1;
    if (depth === 0) return { kind: 'attribute', name: attributeName(text.slice(at + 1, i), at), at, end: i + 1 };
  }
  throw new SyntaxFailure('The attribute that starts here has no closing bracket.', at);
}

function attributeName(inside: string, at: number): string {
  const name = inside.trim();
  if (name === '') throw new SyntaxFailure('The brackets are empty: name an attribute, such as [mail].', at);
  const bracket = name.indexOf('[');
  const head = bracket < 0 ? name : name.slice(0, bracket);
  const strange = /[^\p{L}\p{N}_.:$-]/u.exec(head)?.[0];
  if (strange === undefined) return name;
  throw new SyntaxFailure(
    `The attribute name "${name}" cannot contain "${strange}": is a closing bracket missing?`,
    at,
  );
}

const MAX_DIGITS = 20;
function numberToken(text: string, at: number): Token {
  const match = /&H[0-9A-Fa-f]{1,20}|-?[0-9]{1,20}/y;
  match.lastIndex = at;
  const digits = match.exec(text)?.[0];
  if (digits === undefined) {
    throw new SyntaxFailure(
      foreignOperator(text, at) ??
        'Expected digits: numbers are written 10, -10 or &HFF; there is no concatenation with & or minus.',
      at,
    );
  }
  const hex = digits.startsWith('&');
  const value = BigInt(hex ? `0x${digits.slice(2)}` : digits);
  const next = text.charAt(at + digits.length);
  if ((digits.length >= MAX_DIGITS && next !== '' && /[0-9A-Fa-f]/.test(next)) || BigInt.asIntN(64, value) !== value) {
    throw new SyntaxFailure(
      'The number that starts here does not fit into 64 bits: put it in quotes if it is meant as text.',
      at,
    );
  }
  if (next === '.') throw new SyntaxFailure('Only whole numbers are known: put others in quotes.', at);
  return { kind: 'number', value, hex, at, end: at + digits.length };
}

function operatorToken(text: string, at: number): Token {
  const two = text.slice(at, at + 2);
  const foreign = isCompareOperator(two) ? null : foreignOperator(text, at);
  if (foreign !== null) throw new SyntaxFailure(foreign, at);
  const operator = isCompareOperator(two) ? two : text.charAt(at);
  if (!isCompareOperator(operator)) throw new SyntaxFailure('Expected one of = <> < <= > >=.', at);
  return { kind: 'operator', operator, at, end: at + operator.length };
}
