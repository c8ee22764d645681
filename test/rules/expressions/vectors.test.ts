import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findFunction, functionCatalogue } from '../../../src/rules/expressions/catalogue.ts';
import { textOf } from '../../../src/rules/expressions/coerce.ts';
import type { Evaluation } from '../../../src/rules/expressions/evaluate.ts';
import type { Value } from '../../../src/rules/expressions/values.ts';
import { isComplex, isDateTime, isList } from '../../../src/rules/expressions/values.ts';
import { run } from './evaluation.ts';

interface Vector {
  readonly id: string;
  readonly function: string;
  readonly expression: string;
  readonly attributes: Readonly<Record<string, Value>>;
  readonly expected: unknown;
  readonly type: string;
  readonly now?: string;
  readonly pattern?: string;
  readonly alternatives?: readonly unknown[];
  readonly errorContains?: string;
  readonly takenInTarget?: readonly string[];
}

const vectors = readFileSync(new URL('../../vectors/expressions.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Vector);

const documented = [...new Set(vectors.map((v) => v.function))].filter((name) => name !== 'syntax');

/** The observable result in the words of the vectors. */
function observed(value: Value): unknown {
  if (isList(value)) return value.map(observed);
  if (isComplex(value)) return value.complex;
  if (isDateTime(value)) return textOf(value);
  return typeof value === 'bigint' ? value.toString() : value;
}

function typeOf(value: Value): string {
  if (isList(value)) return value.length > 0 && value.every(isComplex) ? 'objects' : 'multi';
  if (isDateTime(value)) return 'datetime';
  if (value === null) return 'null';
  return typeof value === 'bigint' ? 'integerText' : typeof value;
}

function check(vector: Vector, result: Evaluation): void {
  switch (vector.type) {
    case 'error':
      expect(['error', 'all-taken']).toContain(result.kind);
      if (vector.errorContains !== undefined) expect(JSON.stringify(result)).toContain(vector.errorContains);
      return;
    case 'ignore':
      expect(result).toEqual({ kind: 'ignore-attribute' });
      return;
    case 'ignoreObject':
      expect(result).toEqual({ kind: 'ignore-object' });
      return;
    default:
      if (result.kind !== 'value') throw new Error(JSON.stringify(result));
      if (vector.type === 'pattern') expect(result.value).toMatch(new RegExp(vector.pattern ?? ''));
      else {
        expect(observed(result.value)).toEqual(vector.expected);
        expect(typeOf(result.value)).toBe(vector.type);
      }
  }
}

describe('the documented behaviour of functions', () => {
  it.each(vectors.map((v) => [v.id, v] as const))('is met by vector %s', (_, vector) => {
    check(vector, run(vector.expression, vector.attributes, vector));
  });

  it('is there for every function that the vectors name', () => {
    expect(vectors.length).toBe(258);
    expect(documented.filter((name) => findFunction(name) === undefined)).toEqual([]);
  });

  it('is what each example in the catalogue says', () => {
    for (const { name, examples } of functionCatalogue) {
      expect(examples.length, name).toBeGreaterThan(0);
      for (const { expression, attributes, result } of examples) {
        const evaluated = run(expression, attributes);
        if (evaluated.kind !== 'value') throw new Error(`${expression}: ${JSON.stringify(evaluated)}`);
        const values = isList(evaluated.value) ? evaluated.value : [evaluated.value];
        const texts = values.flatMap((v) => (isComplex(v) ? [JSON.stringify(v.complex)] : (textOf(v) ?? [])));
        expect(texts, expression).toEqual(result);
      }
    }
  });
});
