// Trying an expression before it is saved: does it parse, and what does it make of values that somebody types in?
import { booleanOf, integerOf, textsOf } from '../../rules/expressions/coerce.ts';
import { evaluate } from '../../rules/expressions/evaluate.ts';
import type { Evaluation, EvaluationScope } from '../../rules/expressions/evaluate.ts';
import { toMappingSource } from '../../rules/expressions/mapping-source.ts';
import { nearest } from '../../rules/expressions/nearest.ts';
import { parseExpression } from '../../rules/expressions/parse.ts';
import { attributesOf } from '../../rules/expressions/references.ts';
import { EvaluationFailure, integer, isNothing, listOf, single } from '../../rules/expressions/values.ts';
import type { Value } from '../../rules/expressions/values.ts';
import type { MappingSource, SynchronizationSchema } from '../../rules/model/schema.ts';
import { services } from '../services.ts';
import type { Chance } from '../services.ts';
import { isKnown, knownAttributes, testValue } from './test-values.ts';
import type { KnownAttributes, TestAttribute, TestValues } from './test-values.ts';

export interface ExpressionTest {
  readonly expression: string;
  /** Values of source attributes; an attribute that is not named has none. */
  readonly values: TestValues;
  /** What the test object has beside the attributes of the directory. */
  readonly definition: readonly TestAttribute[];
  /** The result is typed as this attribute wants it. */
  readonly target: Omit<TestAttribute, 'name'> | null;
  /** Attributes that were added to the source directory are known from here. */
  readonly schema: SynchronizationSchema | null;
}

export type ExpressionFlow = 'IgnoreAttributeFlow' | 'IgnoreObjectFlow';
export interface ExpressionProblem {
  readonly code: 'ExpressionInvalid' | 'SchemaAttributeNotFound' | 'AttributeEvaluationFailed';
  readonly message: string;
  /** UTF-16 units from the start of the expression; `null` for what has no place in it. */
  readonly at: number | null;
}
export interface ExpressionAnswer {
  /** `null` when the expression does not parse. */
  readonly parsed: MappingSource | null;
  /** `null` when it could not be evaluated; one text per value, none for no value. */
  readonly result: readonly string[] | null;
  readonly flow: ExpressionFlow | null;
  readonly problem: ExpressionProblem | null;
}

/** Whatever is wrong with expression or values is part of the answer. */
export function tryExpression(deps: Chance, test: ExpressionTest): ExpressionAnswer {
  const read = parseExpression(test.expression);
  if (!read.ok) return refused(null, { code: 'ExpressionInvalid', message: read.message, at: read.at });
  const parsed = toMappingSource(read.expression);
  const known = knownAttributes(test.values, test.definition, test.schema);
  const unknown = attributesOf(read.expression).find((name) => !isKnown(known, name));
  if (unknown !== undefined) return refused(parsed, unknownAttribute(test.expression, unknown, known));
  try {
    return evaluated(parsed, evaluate(read.expression, scopeOf(deps, test, known)), test.target);
  } catch (failure) {
    if (failure instanceof EvaluationFailure) return refused(parsed, evaluationFailed(failure.message));
    throw failure;
  }
}

const refused = (parsed: MappingSource | null, problem: ExpressionProblem): ExpressionAnswer => ({
  parsed,
  result: null,
  flow: null,
  problem,
});
const evaluationFailed = (message: string): ExpressionProblem => ({
  code: 'AttributeEvaluationFailed',
  message,
  at: null,
});

function unknownAttribute(expression: string, name: string, known: KnownAttributes): ExpressionProblem {
  const near = nearest(name, [...known.keys()]);
  const hint = near === undefined ? 'Give it a test value, or define it in the schema.' : `Did you mean ${near}?`;
  const at = expression.indexOf(`[${name}]`);
  return {
    code: 'SchemaAttributeNotFound',
    message: `The directory has no attribute ${name} (names are case-sensitive). ${hint}`,
    at: at < 0 ? null : at,
  };
}

function scopeOf(deps: Chance, { values }: ExpressionTest, known: KnownAttributes): EvaluationScope {
  return {
    ...services(deps),
    attribute: (name) => testValue(values, known, name),
  };
}

function evaluated(parsed: MappingSource, evaluation: Evaluation, target: ExpressionTest['target']): ExpressionAnswer {
  switch (evaluation.kind) {
    case 'value':
      return { parsed, result: textsFor(evaluation.value, target), flow: null, problem: null };
    case 'ignore-attribute':
      return { parsed, result: [], flow: 'IgnoreAttributeFlow', problem: null };
    case 'ignore-object':
      return { parsed, result: [], flow: 'IgnoreObjectFlow', problem: null };
    case 'all-taken':
    case 'error':
      return refused(parsed, evaluationFailed(evaluation.message));
  }
}

/** Throws EvaluationFailure when the value does not fit the target attribute. */
function textsFor(value: Value, target: ExpressionTest['target']): readonly string[] {
  if (target === null || isNothing(value)) return textsOf(value);
  const values = target.multivalued ? listOf(value) : [single(value)];
  return values.flatMap((one) => {
    if (one === '' || one === null) return textsOf(one);
    if (target.type === 'Boolean') return textsOf(booleanOf(one));
    return textsOf(target.type === 'Integer' ? asInteger(one) : one);
  });
}
const asInteger = (value: Value): Value => {
  const number = integerOf(value);
  return number === null ? null : integer(number);
};
