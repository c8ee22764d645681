import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import type { CompareOperator } from '../../../src/rules/expressions/ast.ts';
import { textOf } from '../../../src/rules/expressions/coerce.ts';
import { compareValues } from '../../../src/rules/expressions/compare.ts';
import { dateTimeOfDate } from '../../../src/rules/expressions/dates/calendar.ts';
import { formatDateTime } from '../../../src/rules/expressions/dates/format.ts';
import { datePattern } from '../../../src/rules/expressions/dates/pattern.ts';
import { plainLetters } from '../../../src/rules/expressions/diacritics.ts';
import { evaluate } from '../../../src/rules/expressions/evaluate.ts';
import { parseExpression } from '../../../src/rules/expressions/parse.ts';
import type { Value } from '../../../src/rules/expressions/values.ts';
import { run, scopeOf, valueOf } from './evaluation.ts';

describe('evaluation', () => {
  it.each([
    'IIF(True, "ok", Error("evaluated"))',
    'IIF(False, Error("evaluated"), "ok")',
    'Switch("a", Error("evaluated"), "a", "ok", Error("evaluated"), Error("evaluated"))',
    'Coalesce(NULL, "ok", Error("evaluated"))',
  ])('touches only what is chosen: %s', (expression) => {
    expect(valueOf(expression)).toBe('ok');
  });

  it('asks for an attribute only when it is needed', () => {
    const asked: string[] = [];
    const parsed = parseExpression('IIF([a]="1", [b], [c])');
    if (!parsed.ok) throw new Error(parsed.message);
    const attribute = (name: string): Value => {
      asked.push(name);
      return '1';
    };
    expect(evaluate(parsed.expression, { ...scopeOf({}), attribute })).toEqual({ kind: 'value', value: '1' });
    expect(asked).toEqual(['a', 'b']);
  });

  it.each<[string, Value]>([
    ['IgnoreFlowIfNullOrEmpty([a])', null],
    ['IIF([a]="x", "y", IgnoreAttributeFlow)', null],
    ['Join("", "a", IgnoreFlowIfNullOrEmpty([a]))', ''],
  ])('%s leaves the attribute as it is', (expression, a) => {
    expect(run(expression, { a })).toEqual({ kind: 'ignore-attribute' });
  });

  it('names the function that failed, once', () => {
    expect(run('ToUpper(Append(Mid([a], [n], 1), "x"))', { a: 'abc', n: 0 })).toEqual({
      kind: 'error',
      message: 'Mid: the number 0 is too small: counting begins with 1.',
    });
  });

  it('reads booleans and numbers of the directory as their text', () => {
    const expression = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")';
    expect(valueOf(expression, { IsSoftDeleted: true })).toBe('False');
    expect(valueOf(expression, { IsSoftDeleted: false })).toBe('True');
    expect(valueOf('Join("-", [n], [b])', { n: 1000, b: true })).toBe('1000-True');
  });

  it('takes the only value of a list where one is needed, and refuses several', () => {
    expect(valueOf('Switch([m], "none", "a", "found")', { m: ['a'] })).toBe('found');
    expect(run('Switch([m], "none", "a", "found")', { m: ['a', 'b'] })).toMatchObject({
      kind: 'error',
      message: expect.stringContaining('take one with Item') as string,
    });
  });

  it.each<[string, Record<string, Value>, Value]>([
    ['Append([a], "x")', {}, null],
    ['Left([a], -1)', { a: 'abc' }, 'abc'],
    ['Mid([a], 9, 2)', { a: 'abc' }, ''],
    ['ToUpper("straße ıŉ")', {}, 'STRAßE ıŉ'],
    ['ToLower("İΣ")', {}, 'İσ'],
    ['ToLower("ISTANBUL İ", "tr-TR")', {}, 'ıstanbul i'],
    ['PCase("o’neil 1st ab12cd ST JOHN\'S")', {}, "O’Neil 1St Ab12cd St John's"],
    ['InStr("ABC", "b", 1, vbTextCompare)', {}, 2],
    ['InStr("ABC", "b")', {}, 0],
    ['DNComponent("CN=Doe\\\\, Joe,OU=x", 1)', {}, 'Doe, Joe'],
    ['BitAnd([a], &H21C07000)', { a: '4096' }, 4096],
    ['Join("@", [a], DefaultDomain())', { a: 'jd' }, 'jd@contoso.com'],
    [
      'SingleAppRoleAssignment([appRoleAssignments])',
      { appRoleAssignments: [{ id: '1', value: null, displayName: 'Admin' }] },
      'Admin',
    ],
    ['Item(Split([a], ","), 2)', { a: 'x, y' }, 'y'],
  ])('%s of %j is %j', (expression, attributes, expected) => {
    expect(valueOf(expression, attributes)).toEqual(expected);
  });

  it('refuses several app roles where one is expected, as Entra does', () => {
    expect(run('SingleAppRoleAssignment([appRoleAssignments])', { appRoleAssignments: ['A', 'B'] })).toMatchObject({
      kind: 'error',
      message: expect.stringContaining(
        'No more than one app role assignment was expected, but this many where found: 2',
      ) as string,
    });
  });
});

describe('SelectUniqueValue', () => {
  const rules = 'SelectUniqueValue([a], [b], Append([a], [b]))';
  const attributes = { a: 'X', b: 'Y' };

  it.each<[readonly string[], Value]>([
    [[], 'X'],
    [['x'], 'Y'],
    [['x', 'y'], 'XY'],
  ])('passes over %j, whatever the case', (takenInTarget, expected) => {
    expect(valueOf(rules, attributes, { takenInTarget })).toBe(expected);
  });

  it('says so when everything is taken', () => {
    expect(run(rules, attributes, { takenInTarget: ['X', 'Y', 'XY'] })).toMatchObject({
      kind: 'all-taken',
      candidates: ['X', 'Y', 'XY'],
    });
  });

  it('passes over null and empty candidates, and is null when there are no others', () => {
    expect(valueOf('SelectUniqueValue([a], "", [b])', { b: 'Y' })).toBe('Y');
    expect(valueOf('SelectUniqueValue([a], "")')).toBeNull();
  });

  it('evaluates a rule only when the ones before it are taken', () => {
    expect(valueOf('SelectUniqueValue("x", Error("evaluated"))')).toBe('x');
  });
});

describe('comparison', () => {
  it.each<[Value, CompareOperator, Value, boolean]>([
    [null, '=', null, true],
    [null, '<>', 'a', true],
    [null, '<', 'a', false],
    ['a', '=', 'A', false],
    [true, '=', 'True', true],
    [1, '=', '01', true],
    ['1', '=', '01', false],
    ['10', '>', '9', true],
    ['a10', '>', 'a9', false],
    [2n ** 60n, '>', 2n ** 60n - 1n, true],
    [dateTimeOfDate(new Date('2025-01-02')), '>=', dateTimeOfDate(new Date('2025-01-01')), true],
  ])('of %s %s %s is %s', (left, operator, right, expected) => {
    expect(compareValues(left, operator, right)).toBe(expected);
  });
});

describe('Replace', () => {
  it.each<[string, Value]>([
    ['Replace("abc", , "x*", , "-", , )', '-a-b-c-'],
    ['Replace("ab", , "(a)(?<n>b)", , "$2$1${n}$3${nope}$$$&", , )', 'bab$3${nope}$ab'],
    ['Replace("abc", , "(a)(?<n>b)(c)", , "$1$2$3", , )', 'acb'],
    ['Replace("a1b22", , "(?<d>\\\\d+)", "d", "$1", , )', 'a$1b$1'],
    ['Replace("١٢", , "\\\\d", , "n", , )', 'nn'],
    ['Replace([a], , "(?<g>x)", "g", , [b], )', null],
    ['Replace([a], "x", , , "y", , )', null],
    ['Replace("a.b", ".", , , "$&", , )', 'a$&b'],
  ])('%s is %j', (expression, expected) => {
    expect(valueOf(expression)).toBe(expected);
  });

  it('takes linear time for patterns that make other engines hang', () => {
    expect(valueOf('Replace([a], , "(a+)+$", , "x", , )', { a: `${'a'.repeat(5000)}!` })).toBe(`${'a'.repeat(5000)}!`);
  });

  it('refuses an empty text to replace', () => {
    expect(run('Replace("a", [b], , , "c", , )', { b: '' })).toMatchObject({ kind: 'error' });
  });
});

describe('dates', () => {
  const at = dateTimeOfDate(new Date('2020-03-06T00:05:09.120Z'));
  it.each([
    ['d', '03/06/2020'],
    ['D', 'Friday, 06 March 2020'],
    ['s', '2020-03-06T00:05:09'],
    ['u', '2020-03-06 00:05:09Z'],
    ['o', '2020-03-06T00:05:09.1200000Z'],
    ['R', 'Fri, 06 Mar 2020 00:05:09 GMT'],
    ['%d', '6'],
    ['yy-M-d h:m:s t', '20-3-6 12:5:9 A'],
    ['HH:mm:ss.FFF zzz', '00:05:09.12 +00:00'],
    ["'T' \\M ddd MMM", 'T M Fri Mar'],
    ['YYYY-MM-DD', 'YYYY-03-DD'],
  ])('print in the format %s', (format, expected) => {
    expect(formatDateTime(at, datePattern(format))).toBe(expected);
  });

  it.each([
    ['0001-01-01', '1/1/0001 12:00:00 AM'],
    ['9999-12-31T23:59:59Z', '12/31/9999 11:59:59 PM'],
    ['2024-02-29', '2/29/2024 12:00:00 AM'],
    ['2021-06-30+08:00', '6/29/2021 4:00:00 PM'],
    ['2013-01-10 4:00 PM -8', '1/11/2013 12:00:00 AM'],
    ['Mon, 16 Mar 2020 07:00:00 GMT', '3/16/2020 7:00:00 AM'],
    ['March 16, 2020', '3/16/2020 12:00:00 AM'],
    ['16-Mar-2020', '3/16/2020 12:00:00 AM'],
    ['3/16/2020 7:00:00 AM', '3/16/2020 7:00:00 AM'],
  ])('read %s', (text, expected) => {
    expect(textOf(valueOf('CDate([d])', { d: text }))).toBe(expected);
  });

  it.each([
    '20200316',
    '16.03.2020',
    '16/3/2020',
    '',
    '2020-13-01',
    '2020-03-16T25:00',
    '2020-03-16 13:00 PM',
    '2020-03-16x',
  ])('refuse %j', (text) => {
    expect(run('CDate([d])', { d: text })).toMatchObject({ kind: 'error' });
  });

  it('count weeks by Sundays, months and years by the calendar, days by elapsed time', () => {
    const attributes = { d1: '8/25/2021 5:41:18 PM', d2: '2012-03-16-07:00' };
    const difference = (interval: string): Value =>
      valueOf(`DateDiff("${interval}", CDate([d1]), CDate([d2]))`, attributes);
    expect(['d', 'ww', 'm', 'yyyy'].map(difference)).toEqual([-3449, -493, -113, -9]);
  });

  it('stay within the years 1 to 9999', () => {
    expect(run('DateAdd("d", 1, CDate("9999-12-31"))')).toMatchObject({ kind: 'error' });
    expect(run('DateAdd("yyyy", 99999999999, CDate("2020-01-01"))')).toMatchObject({ kind: 'error' });
    expect(run('DateFromNum(9223372036854775807)')).toMatchObject({ kind: 'error' });
  });

  it('fill in today for a text with a time only', () => {
    const now = '2024-05-06T12:00:00Z';
    expect(valueOf('FormatDateTime("07:30", , "HH:mm", "yyyy-MM-dd HH:mm")', {}, { now })).toBe('2024-05-06 07:30');
  });
});

describe('NormalizeDiacritics', () => {
  const table = JSON.parse(
    readFileSync(new URL('../../vectors/normalize-diacritics.json', import.meta.url), 'utf8'),
  ) as { codePoints: Record<string, string> };

  it('maps every entry of Entra’s table, composed or not', () => {
    for (const [codes, letter] of Object.entries(table.codePoints)) {
      const marked = String.fromCodePoint(...codes.split(' ').map((code) => parseInt(code.slice(2), 16)));
      expect(plainLetters(marked), codes).toBe(letter);
      expect(plainLetters(`x${marked.normalize('NFD')}y`), codes).toBe(`x${letter}y`);
    }
  });

  it('leaves everything else alone', () => {
    for (const letter of ['đ', 'ð', 'þ', 'œ', 'ħ', 'ķ', 'ţ', 'ồ', 'й', '日']) expect(plainLetters(letter)).toBe(letter);
  });
});

describe('RandomString', () => {
  it('holds the minimums, avoids what it shall, and has its length', () => {
    for (let i = 0; i < 200; i += 1) {
      const text = textOf(valueOf('RandomString(16, 3, 2, 4, 5, "abcABC123")')) ?? '';
      const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
      expect(text).toHaveLength(16);
      expect([count(/[0-9]/g) >= 3, count(/[^0-9A-Za-z]/g) >= 2, count(/[A-Z]/g) >= 4, count(/[a-z]/g) >= 5]).toEqual([
        true,
        true,
        true,
        true,
      ]);
      expect(text).not.toMatch(/[abcABC123]/);
    }
  });

  it('refuses minimums beyond its length', () => {
    expect(run('RandomString(4, 2, 2, 2, 2)')).toMatchObject({ kind: 'error' });
    expect(run('RandomString(257, 0, 0, 0, 0)')).toMatchObject({ kind: 'error' });
  });
});
