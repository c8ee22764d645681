import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../../src/rules/expressions/values.ts';
import type { AttributeType, FilterClause, FilterGroup, ScopeFilter } from '../../../src/rules/model/schema.ts';
import { filterSubjects } from '../../../src/rules/schema/filter-subjects.ts';
import type { SubjectKind } from '../../../src/rules/schema/filter-subjects.ts';
import { compileClause } from '../../../src/rules/scoping/clause.ts';
import type { Tested } from '../../../src/rules/scoping/clause.ts';
import { answerOf, compileFilter } from '../../../src/rules/scoping/filter.ts';

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
  readonly attributeType?: AttributeType;
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
const now = new Date('2026-03-01T12:00:00Z');

function passes(vector: Vector): boolean {
  const groups: readonly FilterGroup[] =
    vector.clause === undefined
      ? (vector.filter?.groups ?? []).map(({ name, clauses }) => ({ name, clauses: clauses.map(filled) }))
      : [{ name: 'only', clauses: [filled(vector.clause)] }];
  const type = vector.attributeType ?? 'String';
  const compiled = compileFilter({ groups, inputFilterGroups: [], categoryFilterGroups: [] }, () => ({
    subject: filterSubjects.value,
    type,
  }));
  return answerOf(compiled.groups, (name) => vector.attributes[name] ?? null, { missing: 'fails', now }).passed;
}

describe('scoping filters', () => {
  it.each(vectors.map((vector) => [`${vector.id} ${vector.note}`, vector] as const))('fulfil %s', (_, vector) => {
    expect(passes(vector)).toBe(vector.expected);
  });

  it('without a group let everybody in, and a group without clauses does too', () => {
    const passed = (groups: readonly FilterGroup[]) =>
      answerOf(compileFilter({ ...noFilter, groups }).groups, () => null, { missing: 'fails', now }).passed;
    expect(passed([])).toBe(true);
    expect(passed([{ name: null, clauses: [] }])).toBe(true);
  });

  it('say of every clause whether it holds, also after one that does not', () => {
    const clauses = [
      { sourceOperandName: 'department', operatorName: 'EQUALS', targetOperand: { values: ['Sales', 'HR'] } },
      { sourceOperandName: 'level', operatorName: 'greater_than', targetOperand: { values: ['5'] } },
      { sourceOperandName: 'jobTitle', operatorName: 'IS NULL', targetOperand: { values: [] } },
    ];
    const { groups } = compileFilter({
      ...noFilter,
      groups: [
        { name: 'Office', clauses },
        { name: '', clauses: clauses.slice(2) },
      ],
    });
    const read = (name: string) => ({ department: 'IT', level: '7' })[name] ?? null;
    expect(answerOf(groups, read, { missing: 'fails', now })).toEqual({
      passed: true,
      results: {
        'Office department EQUALS Sales, HR': false,
        'Office level Greater_Than 5': true,
        'Office jobTitle IS NULL': true,
        'Filter group 2 jobTitle IS NULL': true,
      },
    });
  });

  it('are compiled once for many objects', () => {
    const { groups } = compileFilter({
      ...noFilter,
      groups: [
        {
          name: 'g',
          clauses: [
            { sourceOperandName: 'a', operatorName: 'NOT EQUALS', targetOperand: { values: ['x'] } },
            { sourceOperandName: 'a', operatorName: 'INCLUDES', targetOperand: { values: ['9'] } },
          ],
        },
      ],
    });
    let passed = 0;
    for (let n = 0; n < 200_000; n += 1)
      if (answerOf(groups, () => String(n), { missing: 'fails', now }).passed) passed += 1;
    expect(passed).toBe(81_902);
  });
});

const noFilter: ScopeFilter = { groups: [], inputFilterGroups: [], categoryFilterGroups: [] };
type Operands = string | readonly string[];
const test = (
  operatorName: string,
  value: Value,
  operands: Operands,
  tested?: Tested,
  missing: 'fails' | 'passes' = 'fails',
) =>
  compileClause(
    {
      operatorName,
      sourceOperandName: 'a',
      targetOperand: { values: typeof operands === 'string' ? [operands] : operands },
    },
    tested,
  ).test(value, { missing, now });
const integer: Tested = { subject: filterSubjects.value, type: 'Integer' };

describe('a clause', () => {
  it.each<[string, Value, Operands, boolean]>([
    ['EQUALS', 0, '0', true],
    ['EQUALS', '0', '0', true],
    ['EQUALS', ' Sales', 'Sales', false],
    ['EQUALS', 'sales', 'Sales', false],
    ['EQUALS', 'HR', ['Sales', 'HR'], true],
    ['EQUALS', null, '', false],
    ['EQUALS', '', '', false],
    ['EQUALS', '05', '5', false],
    ['NOT EQUALS', 'HR', ['Sales', 'HR'], false],
    ['NOT EQUALS', 'IT', ['Sales', 'HR'], true],
    ['NOT EQUALS', null, 'x', false],
    ['NOT EQUALS', '', 'x', false],
    ['NOT EQUALS', 0, '1', true],
    ['IS TRUE', true, [], true],
    ['IS TRUE', 'True', [], true],
    ['IS TRUE', 'true', [], true],
    ['IS TRUE', false, [], false],
    ['IS TRUE', null, [], false],
    ['IS FALSE', false, [], true],
    ['IS FALSE', 'FALSE', [], true],
    ['IS FALSE', null, [], false],
    ['IS FALSE', '', [], false],
    ['IS NULL', null, [], true],
    ['IS NULL', '', [], true],
    ['IS NULL', [], [], true],
    ['IS NULL', 'x', [], false],
    ['IS NULL', ' ', [], false],
    ['IS NULL', 0, [], false],
    ['IS NULL', false, [], false],
    ['IS NOT NULL', 0, [], true],
    ['IS NOT NULL', '0', [], true],
    ['IS NOT NULL', false, [], true],
    ['IS NOT NULL', null, [], false],
    ['REGEX MATCH', 'Sales EMEA', '^Sales', true],
    ['REGEX MATCH', 'pre Sales', '^Sales', false],
    ['REGEX MATCH', 42, '^4', true],
    ['REGEX MATCH', 'HR', ['^IT', '^HR'], true],
    ['REGEX MATCH', '', '.*', false],
    ['NOT REGEX MATCH', 'HR', ['^IT', '^HR'], false],
    ['NOT REGEX MATCH', '', 'x', false],
    ['NOT REGEX MATCH', null, 'x', false],
    ['GREATER_THAN', '10', '9', true],
    ['GREATER_THAN', 'many', '5', false],
    ['GREATER_THAN', -6, '5', false],
    ['GREATER_THAN', 5.5, '5', false],
    ['GREATER_THAN', '6', 'five', false],
    ['GREATER_THAN', 0, '0', false],
    ['GREATER_THAN', '18446744073709551616', '18446744073709551615', true],
    ['Greater_Than_OR_EQUALS', 0, '0', true],
    ['Greater_Than_OR_EQUALS', '05', '5', true],
    ['Greater_Than_OR_EQUALS', null, '0', false],
    ['INCLUDES', 'abc', 'b', true],
    ['INCLUDES', 'abc', ['x', 'c'], true],
    ['INCLUDES', null, 'b', false],
    ['ENDS_WITH', 'abc', 'bc', true],
    ['ENDS_WITH', 'abc', 'b', false],
    ['ENDS_WITH', 'a@Contoso.com', '@contoso.com', false],
    ['&', 6, '3', true],
    ['&', 4, '3', false],
    ['&', '6', '3', true],
    ['&', 0, '3', false],
    ['&', 'b', 'abc', true],
    ['!&', 0, '3', true],
    ['!&', 'd', 'abc', true],
    ['!&', null, 'abc', false],
    ['&', null, '3', false],
  ])('%s of %j with %j is %j', (operator, value, operands, expected) => {
    expect(test(operator, value, operands)).toBe(expected);
  });

  it.each<[string, Value, Operands, boolean]>([
    ['EQUALS', 5, '05', true],
    ['EQUALS', '05', '5', true],
    ['EQUALS', -1, '-1', true],
    ['EQUALS', 'x', 'x', true],
    ['NOT EQUALS', '05', '5', false],
    ['NOT EQUALS', 0, '5', true],
    ['EQUALS', '9007199254740993', '9007199254740992', false],
  ])('compares integers by their value: %s of %j with %j is %j', (operator, value, operands, expected) => {
    expect(test(operator, value, operands, integer)).toBe(expected);
  });

  const several: Tested = { subject: filterSubjects.values, type: 'String' };
  it.each<[string, Value, string, boolean]>([
    ['EQUALS', ['x', 'y'], 'x', true],
    ['EQUALS', ['x', 'y'], 'z', false],
    ['NOT EQUALS', ['x', 'y'], 'x', false],
    ['NOT EQUALS', ['x', 'y'], 'z', true],
    ['NOT EQUALS', [], 'z', false],
    ['INCLUDES', ['SMTP:a@b.c', 'smtp:d@e.f'], 'd@', true],
    ['NOT REGEX MATCH', ['SMTP:a@b.c', 'smtp:d@e.f'], '^smtp', false],
    ['IS NULL', ['', ''], '', true],
  ])(
    'takes any of several values, and a negative one all of them: %s of %j with %j',
    (operator, value, operand, expected) => {
      expect(test(operator, value, operand === '' ? [] : operand, several)).toBe(expected);
    },
  );

  it('lets a missing value satisfy the negative operators where it is asked for, and only those', () => {
    const missing = (operatorName: string) => test(operatorName, null, '1', undefined, 'passes');
    const passing = ['NOT EQUALS', 'IS FALSE', 'NOT REGEX MATCH', '!&', 'IS NULL'];
    const failing = ['EQUALS', 'IS TRUE', 'IS NOT NULL', 'REGEX MATCH', 'GREATER_THAN', 'INCLUDES', 'ENDS_WITH', '&'];
    expect(passing.map(missing)).toEqual(passing.map(() => true));
    expect(failing.map(missing)).toEqual(failing.map(() => false));
  });

  it('answers a pattern that would hang a backtracking engine at once', () => {
    expect(test('REGEX MATCH', `${'a'.repeat(5000)}!`, '^(a+)+$')).toBe(false);
  });
});

describe('a clause beyond Entra', () => {
  const about = (kind: SubjectKind): Tested => ({ subject: filterSubjects[kind], type: 'String' });
  const role = { id: 'r1', value: 'app.admin', displayName: 'Administrator' };

  it.each<[string, Value, Operands, boolean]>([
    ['EQUALS', [role], 'r1', true],
    ['EQUALS', [role], 'app.admin', true],
    ['EQUALS', [role], 'Administrator', true],
    ['EQUALS', [role], 'administrator', false],
    ['NOT EQUALS', [role], 'app.admin', false],
    ['NOT EQUALS', [role], 'other', true],
    ['NOT EQUALS', [], 'other', true],
    ['REGEX MATCH', [role], '^app\\.', true],
    ['IS NULL', [], [], true],
    ['IS NOT NULL', [role], [], true],
  ])('on app roles: %s of %j with %j is %j', (operator, value, operands, expected) => {
    expect(test(operator, value, operands, about('roles'))).toBe(expected);
  });

  it.each<[string, Value, Operands, boolean]>([
    ['EQUALS', ['g1'], ['g1', 'g2'], true],
    ['EQUALS', [], 'g1', false],
    ['NOT EQUALS', ['g1'], ['g1', 'g2'], false],
    ['NOT EQUALS', ['g3'], ['g1', 'g2'], true],
    ['NOT EQUALS', [], 'g1', true],
  ])('on groups: %s of %j with %j is %j', (operator, value, operands, expected) => {
    expect(test(operator, value, operands, about('groups'))).toBe(expected);
  });

  it.each<[string, Value, Operands, boolean]>([
    ['EQUALS', 'm1', 'm1', true],
    ['NOT EQUALS', 'm1', 'm2', true],
    ['NOT EQUALS', null, 'm2', false],
    ['IS NULL', null, [], true],
  ])('on the manager: %s of %j with %j is %j', (operator, value, operands, expected) => {
    expect(test(operator, value, operands, about('manager'))).toBe(expected);
  });

  it.each<[string, Value, Operands, boolean]>([
    ['BEFORE', '2026-02-28T23:59:59Z', '2026-03-01', true],
    ['BEFORE', '2026-03-01T00:00:00Z', '2026-03-01', false],
    ['AFTER', '2026-03-01T00:00:01Z', '2026-03-01', true],
    ['AFTER', '2026-03-01T12:00:00Z', 'Now()', false],
    ['AFTER', '2026-03-01T12:00:00.5Z', 'Now()', true],
    ['BEFORE', '2026-03-14T00:00:00Z', 'DateAdd("d", 14, Now())', true],
    ['BEFORE', '2026-03-16T00:00:00Z', 'DateAdd("d", 14, Now())', false],
    ['EQUALS', '2026-03-01T23:00:00Z', '2026-03-01', true],
    ['EQUALS', '2026-03-01T23:00:00Z', '2026-03-01T22:00:00Z', false],
    ['EQUALS', '2026-03-01T23:00:00Z', '2026-03-02T00:00:00+01:00', true],
    ['EQUALS', '2026-03-01T23:00:00Z', 'Now()', true],
    ['EQUALS', '2026-03-02T00:00:00Z', ['Now()', 'DateAdd("d", 1, Now())'], true],
    ['NOT EQUALS', '2026-03-02T00:00:00Z', 'Now()', true],
    ['NOT EQUALS', null, 'Now()', false],
    ['AFTER', null, '2026-03-01', false],
    ['BEFORE', 'soon', '2026-03-01', false],
    ['IS NULL', null, [], true],
    ['IS NOT NULL', '2026-03-01', [], true],
  ])('on dates: %s of %j with %j is %j', (operator, value, operands, expected) => {
    expect(test(operator, value, operands, about('date'))).toBe(expected);
  });
});
