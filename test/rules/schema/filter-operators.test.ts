import { describe, expect, it } from 'vitest';
import { filterOperator, filterOperators } from '../../../src/rules/schema/filter-operators.ts';

describe('filter operators', () => {
  it.each([
    ['EQUALS', 'EQUALS'],
    ['not equals', 'NOT EQUALS'],
    ['NOT_EQUALS', 'NOT EQUALS'],
    ['Greater_Than_OR_EQUALS', 'GREATER_THAN_OR_EQUALS'],
    ['Includes', 'INCLUDES'],
    ['ENDS WITH', 'ENDS_WITH'],
    ['!&', '!&'],
  ])('are found by the spellings of API and portal: %s', (spelling, name) => {
    expect(filterOperator(spelling)?.name).toBe(name);
  });

  it('are found by their own name and their portal name, each', () => {
    for (const operator of filterOperators) {
      expect(filterOperator(operator.name)).toBe(operator);
      expect(filterOperator(operator.portal)).toBe(operator);
    }
  });

  it.each(['IsMemberOf', 'Present', 'Valid Cert Match', 'EQUALSX', ''])('do not include %s', (name) => {
    expect(filterOperator(name)).toBeUndefined();
  });

  it('need a value exactly when they are binary', () => {
    for (const { arity, value } of filterOperators) expect(value === 'none').toBe(arity === 'Unary');
  });
});
