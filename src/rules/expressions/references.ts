// What an expression reads.
import type { Expression } from './ast.ts';

/** Source attributes named anywhere in the expression, each once, in the order of their first mention. */
export function attributesOf(e: Expression): readonly string[] {
  const names = new Set<string>();
  collect(e, names);
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
