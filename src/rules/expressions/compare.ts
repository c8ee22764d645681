// Comparison of two values: times by time, integers by number, everything else as text with regard to case.
import type { CompareOperator } from './ast.ts';
import { textOf, wholeNumber } from './coerce.ts';
import type { Value } from './values.ts';
import { isDateTime, single } from './values.ts';

/** Null equals only null, and has no order. */
export function compareValues(left: Value, operator: CompareOperator, right: Value): boolean {
  const a = single(left);
  const b = single(right);
  if (a === null || b === null) {
    if (operator === '=') return a === b;
    return operator === '<>' && a !== b;
  }
  if (isDateTime(a) && isDateTime(b)) return holds(operator, order(a.ticks, b.ticks));
  const ordering = operator !== '=' && operator !== '<>';
  const numbers = ordering || isInteger(a) || isInteger(b) ? asNumbers(a, b) : null;
  if (numbers !== null) return holds(operator, order(numbers[0], numbers[1]));
  return holds(operator, order(textOf(a) ?? '', textOf(b) ?? ''));
}

const isInteger = (value: Value): boolean => typeof value === 'number' || typeof value === 'bigint';

function asNumbers(a: Value, b: Value): readonly [bigint, bigint] | null {
  const x = wholeNumber(textOf(a) ?? '');
  const y = wholeNumber(textOf(b) ?? '');
  return x === null || y === null ? null : [x, y];
}

const order = <T extends bigint | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

function holds(operator: CompareOperator, sign: number): boolean {
  switch (operator) {
    case '=':
      return sign === 0;
    case '<>':
      return sign !== 0;
    case '<':
      return sign < 0;
    case '<=':
      return sign <= 0;
    case '>':
      return sign > 0;
    case '>=':
      return sign >= 0;
  }
}
