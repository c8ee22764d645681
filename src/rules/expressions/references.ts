// What an expression reads.
import type { Expression } from './ast.ts';
import { nextToken, SyntaxFailure } from './lexer.ts';

/** Source attributes named anywhere in the expression, each once, in the order of their first mention. */
export function attributesOf(e: Expression): readonly string[] {
  const names = new Set<string>();
  collect(e, names);
  return [...names];
}

/** Attributes named in a text that need not be an expression, up to where it cannot be read on. */
export function attributesIn(text: string): readonly string[] {
  const names = new Set<string>();
  try {
    for (let token = nextToken(text, 0); token.kind !== 'end'; token = nextToken(text, token.end))
      if (token.kind === 'attribute') names.add(token.name);
  } catch (failure) {
    if (!(failure instanceof SyntaxFailure)) throw failure;
  }
  return [...names];
}

function collect(e: Expression, names: Set<string>): void {
  switch (e.kind) {
    case 'attribute':
      names.add(e.name);
      return;
    case 'call':
      for (const arg of e.args) if (arg !== null) collect(arg, names);
      return;
    case 'comparison':
      collect(e.left, names);
      collect(e.right, names);
      return;
    case 'constant':
    case 'keyword':
      return;
  }
}

/** The expression asks for a value that no other account has: it is evaluated on create only, with `taken` in its scope. */
export const isSelectUniqueValue = (e: Expression): boolean => e.kind === 'call' && e.name === 'SelectUniqueValue';

/** The value must not be shown in logs: somewhere in the expression stands Redact. */
export function redacts(e: Expression): boolean {
  if (e.kind === 'comparison') return redacts(e.left) || redacts(e.right);
  return e.kind === 'call' && (e.name === 'Redact' || e.args.some((arg) => arg !== null && redacts(arg)));
}
