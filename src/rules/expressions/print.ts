// Tree → canonical text, as Entra stores it: `Name(arg, , arg)`; parsing the text gives the same tree.
import type { Expression } from './ast.ts';

export function printExpression(e: Expression): string {
  switch (e.kind) {
    case 'attribute':
      return `[${e.name}]`;
    case 'constant':
      return typeof e.value === 'string' ? quote(e.value) : number(e.value, e.hex === true);
    case 'keyword':
      return e.word;
    case 'comparison':
      return `${printExpression(e.left)}${e.operator}${printExpression(e.right)}`;
    case 'call':
      return `${e.name}(${e.args.map((arg) => (arg === null ? '' : printExpression(arg))).join(', ')})`;
  }
}

const quote = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
const number = (value: bigint, hex: boolean): string =>
  hex ? `&H${value.toString(16).toUpperCase()}` : value.toString();
