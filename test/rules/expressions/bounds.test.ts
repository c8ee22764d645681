import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileExpression } from '../../../src/rules/expressions/evaluate.ts';
import { fromMappingSource } from '../../../src/rules/expressions/mapping-source.ts';
import { parseExpression } from '../../../src/rules/expressions/parse.ts';
import { printExpression } from '../../../src/rules/expressions/print.ts';
import type { Value } from '../../../src/rules/expressions/values.ts';
import { run, scopeOf } from './evaluation.ts';
import { expressions } from './trees.ts';

const kinds = ['value', 'ignore-attribute', 'ignore-object', 'all-taken', 'error'];
const values = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', '0', '9223372036854775807', '2020-03-16', '(a+)+$', '[', '${n}', 'True', 'a'.repeat(20_000)),
  fc.boolean(),
  fc.maxSafeInteger(),
  fc.constant(null),
);
const attributeValue: fc.Arbitrary<Value> = fc.oneof(values, fc.array(values, { maxLength: 4 }));

describe('whatever is written', () => {
  it('is read or refused, byte by byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = String.fromCharCode(...bytes);
        const parsed = parseExpression(text);
        expect(parsed.ok || (parsed.message !== '' && parsed.at >= 0 && parsed.at <= text.length)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('is read or refused after an expression was damaged', () => {
    const damage = fc.record({ at: fc.nat(500), remove: fc.nat(4), insert: fc.string({ maxLength: 3 }) });
    fc.assert(
      fc.property(expressions, fc.array(damage, { minLength: 1, maxLength: 3 }), (tree, damages) => {
        const broken = damages.reduce(
          (text, { at, remove, insert }) => text.slice(0, at) + insert + text.slice(at + remove),
          printExpression(tree),
        );
        const parsed = parseExpression(broken);
        expect(parsed.ok ? parseExpression(printExpression(parsed.expression)) : parsed.message).toBeTruthy();
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['calls', `${'Trim('.repeat(1500)}[a]${')'.repeat(1500)}`],
    ['open calls', 'Trim('.repeat(1900)],
    ['brackets', `${'['.repeat(5000)}a${']'.repeat(4999)}`],
    ['parentheses', `Trim${'('.repeat(9000)}`],
    ['more than 10,000 levels', 'Trim('.repeat(10_001)],
  ])('is refused when it nests without end: %s', (_, text) => {
    expect(parseExpression(text)).toMatchObject({ ok: false });
  });

  it('is refused as a stored tree of 10,000 levels', () => {
    let source: Parameters<typeof fromMappingSource>[0] = {
      type: 'Attribute',
      name: 'a',
      expression: null,
      parameters: [],
    };
    for (let level = 0; level < 10_000; level += 1) {
      source = { type: 'Function', name: 'Trim', expression: null, parameters: [{ key: 'source', value: source }] };
    }
    expect(fromMappingSource(source)).toMatchObject({ ok: false });
  });
});

describe('an evaluation', () => {
  it('answers for every expression and every object, and never throws', () => {
    fc.assert(
      fc.property(expressions, attributeValue, (tree, value) => {
        const evaluate = compileExpression(tree);
        const scope = { ...scopeOf({}), attribute: () => value, random: () => 0.5, guid: () => 'guid' };
        const first = evaluate(scope);
        expect(kinds).toContain(first.kind);
        expect(evaluate(scope).kind).toBe(first.kind);
      }),
      { numRuns: 1000 },
    );
  });

  const grown = Array.from({ length: 60 }).reduce<string>(
    (inner) => `Replace(${inner}, "a", , , "aaaaaaaaaa", , )`,
    '[a]',
  );
  const patterns = Array.from({ length: 100 }, (_, i) => `Replace([a], , [p${String(i)}], , "x", , )`).join(', ');
  it.each<[string, string, Readonly<Record<string, Value>>]>([
    ['texts that grow from call to call', grown, { a: 'a'.repeat(100) }],
    [
      'one text many times',
      `Join("", ${Array.from({ length: 1500 }, () => '[a]').join(', ')})`,
      { a: 'x'.repeat(1000) },
    ],
    ['a text of millions of characters', 'ToUpper(Append([a], "é"))', { a: 'ab é'.repeat(2_000_000) }],
    ['a date format of millions of characters', 'FormatDateTime(Now(), , [a])', { a: 'y'.repeat(5_000_000) }],
    ['a pattern over a long text', 'Replace([a], , "(a|b)*c", , "x", , )', { a: 'ab'.repeat(100_000) }],
    ['a large pattern of the object', 'Replace([a], , [p], , "x", , )', { a: 'a'.repeat(100), p: 'a{100}'.repeat(90) }],
    [
      'many patterns of the object',
      `Join("", ${patterns})`,
      Object.fromEntries(
        [...Array(100).keys()].map((i) => [`p${String(i)}`, `(\\w+)${String(i)}`]).concat([['a', 'text']]),
      ),
    ],
    [
      'many random texts',
      `Join("", ${Array.from({ length: 250 }, () => 'RandomString(256, 1, 1, 1, 1)').join(', ')})`,
      {},
    ],
    ['a large text for each match', 'Replace([a], , "a", , "$_$_$_", , )', { a: 'a'.repeat(5000) }],
    ['a date beyond the calendar', 'DateAdd("m", [n], Now())', { n: '9'.repeat(39) }],
  ])('ends with an error for %s', (_, expression, attributes) => {
    expect(run(expression, attributes)).toMatchObject({ kind: 'error' });
    const evaluate = compileExpression(parsedTree(expression));
    expect(quickest(() => evaluate(scopeOf(attributes)))).toBeLessThan(50);
  });

  it.each<[string, Readonly<Record<string, Value>>, Value]>([
    ['Mid([a], 9223372036854775807, 9223372036854775807)', { a: 'abc' }, ''],
    ['Left([a], 9223372036854775807)', { a: 'abc' }, 'abc'],
    ['Word([a], 9223372036854775807, " ")', { a: 'a b' }, ''],
    ['InStr([a], "b", 9223372036854775807)', { a: 'a b' }, 0],
  ])('knows numbers of any size: %s', (expression, attributes, value) => {
    expect(run(expression, attributes)).toEqual({ kind: 'value', value });
  });

  it('keeps the patterns that objects bring, and answers the same for the next object', () => {
    const evaluate = compileExpression(parsedTree('Replace([a], , [p], , "-", , )'));
    const answers = Array.from({ length: 500 }, (_, i) =>
      evaluate(scopeOf({ a: `x${String(i)}`, p: `x${String(i)}$` })),
    );
    expect(answers.every((answer) => answer.kind === 'value' && answer.value === '-')).toBe(true);
  });
});

function parsedTree(text: string): Parameters<typeof compileExpression>[0] {
  const parsed = parseExpression(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.expression;
}

/** Milliseconds of the best of some runs: what the machine does beside counts for as little as it can. */
function quickest(work: () => unknown): number {
  const times = Array.from({ length: 8 }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return Math.min(...times);
}
