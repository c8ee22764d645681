import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../../src/rules/expressions/values.ts';
import type { FilterClause, FilterGroup } from '../../../src/rules/model/schema.ts';
import { compileClause } from '../../../src/rules/scoping/clause.ts';
import { compileFilter, groupResults, passesAny } from '../../../src/rules/scoping/filter.ts';

interface RawClause extends Omit<FilterClause, 'targetOperand'> {
  readonly targetOperand: FilterClause['targetOperand'] | null;
}
interface Vector {
  readonly id: string;
  readonly kind: 'clause' | 'filter';
  readonly clause?: RawClause;
  readonly filter?: {
    readonly groups: readonly { readonly name: string; readonly clauses: readonly RawClause[] }[] | null;
  };
  readonly attributes: Readonly<Record<string, Value>>;
  readonly expected: boolean;
  readonly note: string;
}
const file = new URL('../../vectors/scoping-filters.jsonl', import.meta.url);
const vectors = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector);

const filled = (clause: RawClause): FilterClause => ({
  ...clause,
  targetOperand: clause.targetOperand ?? { values: [] },
});
function passes(vector: Vector): boolean {
  const groups: readonly FilterGroup[] =
    vector.clause === undefined
      ? (vector.filter?.groups ?? []).map(({ name, clauses }) => ({ name, clauses: clauses.map(filled) }))
      : [{ name: 'only', clauses: [filled(vector.clause)] }];
  const compiled = compileFilter({ groups, inputFilterGroups: [], categoryFilterGroups: [] });
  return passesAny(groupResults(compiled.groups, (name) => vector.attributes[name] ?? null, 'fails'));
}

describe('scoping filters', () => {
  it.each(vectors.map((vector) => [`${vector.id} ${vector.note}`, vector] as const))('fulfil %s', (_, vector) => {
    expect(passes(vector)).toBe(vector.expected);
  });

  const test = (operatorName: string, value: Value, ...values: readonly string[]) =>
    compileClause({ operatorName, sourceOperandName: 'a', targetOperand: { values } }).test(value, 'fails');

  it.each<[string, Value, string, boolean]>([
    ['IS TRUE', true, '', true],
    ['IS TRUE', 'True', '', true],
    ['IS TRUE', false, '', false],
    ['IS FALSE', false, '', true],
    ['IS FALSE', null, '', false],
    ['IS NULL', null, '', true],
    ['IS NULL', [], '', true],
    ['IS NULL', 'x', '', false],
    ['NOT EQUALS', null, 'x', false],
    ['NOT REGEX MATCH', '', 'x', false],
    ['EQUALS', ['x', 'x'], 'x', true],
    ['EQUALS', ['x', 'y'], 'x', false],
    ['GREATER_THAN', 'many', '5', false],
    ['GREATER_THAN', -6, '5', false],
    ['GREATER_THAN', '6', 'five', false],
    ['GREATER_THAN', '18446744073709551616', '18446744073709551615', true],
    ['INCLUDES', 'abc', 'b', true],
    ['ENDS_WITH', 'abc', 'b', false],
    ['&', 6, '3', true],
    ['&', 4, '3', false],
    ['&', 'b', 'abc', true],
    ['!&', 'd', 'abc', true],
    ['!&', null, 'abc', false],
  ])('%s of %j with %j is %j', (operator, value, operand, expected) => {
    expect(test(operator, value, operand)).toBe(expected);
  });

  it('let a missing value satisfy the negative operators where it is asked for, and only those', () => {
    const missing = (operatorName: string) =>
      compileClause({ operatorName, sourceOperandName: 'a', targetOperand: { values: ['1'] } }).test(null, 'passes');
    const passing = ['NOT EQUALS', 'IS FALSE', 'NOT REGEX MATCH', '!&', 'IS NULL'];
    const failing = ['EQUALS', 'IS TRUE', 'IS NOT NULL', 'REGEX MATCH', 'GREATER_THAN', 'INCLUDES', 'ENDS_WITH', '&'];
    expect(passing.map(missing)).toEqual(passing.map(() => true));
    expect(failing.map(missing)).toEqual(failing.map(() => false));
  });

  it('answer a pattern that would hang a backtracking engine at once', () => {
    expect(test('REGEX MATCH', `${'a'.repeat(5000)}!`, '^(a+)+$')).toBe(false);
  });

  it('keep the results of groups of the same name apart', () => {
    const groups = ['', '', 'x', 'x'].map((name) => ({ name, clauses: [] }));
    const { groups: compiled } = compileFilter({ groups, inputFilterGroups: [], categoryFilterGroups: [] });
    expect(new Set(compiled.map(({ name }) => name)).size).toBe(4);
  });
});
