// Text → tree. Refuses with a message and its place; whatever it accepts can be printed, stored and evaluated.
import type { CallExpression, Expression } from './ast.ts';
import { isKeyword } from './ast.ts';
import { checkCall, describeUnknownFunction } from './check-call.ts';
import { findFunction } from './catalogue.ts';
import type { Token } from './lexer.ts';
import { nextToken, SyntaxFailure } from './lexer.ts';
import { foreignWord } from './other-languages.ts';
import { quoted } from './values.ts';

export type ParseResult =
  | { readonly ok: true; readonly expression: Expression }
  /** What is wrong and what would be right; `at` counts UTF-16 units from the start of the text. */
  | { readonly ok: false; readonly message: string; readonly at: number };

/** Entra's limit for one expression, in UTF-16 units. */
export const MAX_EXPRESSION_LENGTH = 10_000;
/** Calls inside calls; deeper than any mapping, shallow enough for every walk over the tree. */
export const MAX_EXPRESSION_DEPTH = 200;

/** Reads a whole mapping expression: a call, an attribute or a constant. */
export function parseExpression(text: string): ParseResult {
  return attempt(text, (tokens) => {
    const expression = whole(tokens);
    if (expression.kind === 'comparison' || expression.kind === 'keyword') {
      throw new SyntaxFailure(
        'An expression is a function call, an [attribute] or a "constant"; comparisons and bare words are arguments, as in IIF([a]="b", "yes", "no").',
        0,
      );
    }
    return expression;
  });
}

/** Reads one argument as it is stored on its own: also a comparison or a bare word. */
export const parseArgument = (text: string): ParseResult => attempt(text, (tokens) => whole(tokens));

function attempt(text: string, read: (tokens: Tokens) => Expression): ParseResult {
  if (text.length > MAX_EXPRESSION_LENGTH) {
    const message = `The expression has ${String(text.length)} characters; at most ${String(MAX_EXPRESSION_LENGTH)} are allowed: shorten it, or prepare a part of it in another attribute.`;
    return { ok: false, message, at: MAX_EXPRESSION_LENGTH };
  }
  try {
    return { ok: true, expression: read(tokensOf(text)) };
  } catch (failure) {
    if (failure instanceof SyntaxFailure) return { ok: false, message: failure.message, at: failure.at };
    throw failure;
  }
}

/** The tokens of a text, read one after the other with one in sight. */
interface Tokens {
  peek(): Token;
  take(): Token;
}

function tokensOf(text: string): Tokens {
  let next = nextToken(text, 0);
  return {
    peek: () => next,
    take: () => {
      const taken = next;
      next = nextToken(text, taken.end);
      return taken;
    },
  };
}

function whole(tokens: Tokens): Expression {
  const expression = argument(tokens, 0);
  const rest = tokens.peek();
  if (rest.kind !== 'end')
    throw new SyntaxFailure(`The expression ends before ${described(rest)}: remove the rest.`, rest.at);
  return expression;
}

function argument(tokens: Tokens, depth: number): Expression {
  const left = operand(tokens, depth);
  const compare = tokens.peek();
  if (compare.kind !== 'operator') return left;
  tokens.take();
  const right = operand(tokens, depth);
  const rest = tokens.peek();
  if (rest.kind === 'operator')
    throw new SyntaxFailure('Only two values can be compared: nest IIF to combine conditions.', rest.at);
  return { kind: 'comparison', operator: compare.operator, left, right };
}

function operand(tokens: Tokens, depth: number): Expression {
  const first = tokens.take();
  switch (first.kind) {
    case 'attribute':
      return { kind: 'attribute', name: first.name };
    case 'string':
      return { kind: 'constant', value: first.value };
    case 'number':
      return first.hex ? { kind: 'constant', value: first.value, hex: true } : { kind: 'constant', value: first.value };
    case 'name':
      return tokens.peek().kind === '(' ? call(tokens, first, depth + 1) : keyword(first.text, first.at);
    case 'operator':
    case '(':
    case ')':
    case ',':
    case 'end':
      throw new SyntaxFailure(
        `Expected a function, an [attribute] or a "constant", but found ${described(first)}.`,
        first.at,
      );
  }
}

function call(tokens: Tokens, { text: name, at }: Token & { readonly kind: 'name' }, depth: number): CallExpression {
  const definition = findFunction(name);
  if (definition === undefined) throw new SyntaxFailure(describeUnknownFunction(name), at);
  if (depth > MAX_EXPRESSION_DEPTH) {
    throw new SyntaxFailure(
      `More than ${String(MAX_EXPRESSION_DEPTH)} functions are nested in each other here: take some of them apart.`,
      at,
    );
  }
  if (definition.outermost === true && depth > 1) {
    throw new SyntaxFailure(`${name} must be the outermost function: put the other functions into its rules.`, at);
  }
  tokens.take();
  const given = callArguments(tokens, depth);
  const args = given.map(({ expression }) => expression);
  const problem = checkCall(definition, args);
  if (problem === null) return { kind: 'call', name, args };
  const place = problem.argument === undefined ? undefined : given[problem.argument]?.at;
  throw new SyntaxFailure(problem.message, place ?? at);
}

interface Given {
  readonly expression: Expression | null;
  readonly at: number;
}

/** From behind the opening parenthesis to behind the closing one. */
function callArguments(tokens: Tokens, depth: number): readonly Given[] {
  const args: Given[] = [];
  if (tokens.peek().kind === ')') {
    tokens.take();
    return args;
  }
  for (;;) {
    const { kind, at } = tokens.peek();
    const omitted = kind === ',' || kind === ')';
    args.push({ expression: omitted ? null : argument(tokens, depth), at });
    const separator = tokens.take();
    if (separator.kind === ')') return args;
    if (separator.kind !== ',') {
      const foreign = separator.kind === 'name' ? foreignWord(separator.text) : null;
      throw new SyntaxFailure(
        foreign ?? `Expected a comma or a closing parenthesis, but found ${described(separator)}.`,
        separator.at,
      );
    }
  }
}

function keyword(text: string, at: number): Expression {
  if (isKeyword(text)) return { kind: 'keyword', word: text };
  throw new SyntaxFailure(
    `The word ${text} stands alone: write [${text}] for an attribute, "${text}" for a constant, ${text}( ) for a function.`,
    at,
  );
}

function described(token: Token): string {
  switch (token.kind) {
    case 'name':
      return `the word ${token.text}`;
    case 'attribute':
      return `[${token.name}]`;
    case 'string':
      return `the constant ${quoted(token.value)}`;
    case 'number':
      return `the number ${String(token.value)}`;
    case 'operator':
      return `the operator ${token.operator}`;
    case 'end':
      return 'the end';
    case '(':
    case ')':
    case ',':
      return token.kind;
  }
}
