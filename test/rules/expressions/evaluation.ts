// Evaluates expressions for tests as the engine does, with an injected clock and chance.
import { evaluate } from '../../../src/rules/expressions/evaluate.ts';
import type { Evaluation, EvaluationScope } from '../../../src/rules/expressions/evaluate.ts';
import { parseExpression } from '../../../src/rules/expressions/parse.ts';
import type { Value } from '../../../src/rules/expressions/values.ts';

const NOW = '2025-07-30T00:00:00Z';

/** What an evaluation sees beside the attributes. */
export interface Surroundings {
  readonly now?: string;
  /** What other accounts have in the target attribute. */
  readonly takenInTarget?: readonly string[];
}

export function scopeOf(
  attributes: Readonly<Record<string, Value>>,
  { now = NOW, takenInTarget = [] }: Surroundings = {},
): EvaluationScope {
  const taken = new Set(takenInTarget.map((value) => value.toLowerCase()));
  return {
    attribute: (name) => attributes[name] ?? null,
    now: new Date(now),
    random: Math.random,
    guid: () => crypto.randomUUID(),
    defaultDomain: 'contoso.com',
    taken: (value) => taken.has(value.toLowerCase()),
  };
}

/** A text that is no expression comes back as an error, like one that cannot be evaluated. */
export function run(
  expression: string,
  attributes: Readonly<Record<string, Value>> = {},
  surroundings: Surroundings = {},
): Evaluation {
  const parsed = parseExpression(expression);
  return parsed.ok
    ? evaluate(parsed.expression, scopeOf(attributes, surroundings))
    : { kind: 'error', message: parsed.message };
}

export function valueOf(
  expression: string,
  attributes: Readonly<Record<string, Value>> = {},
  surroundings: Surroundings = {},
): Value {
  const evaluation = run(expression, attributes, surroundings);
  if (evaluation.kind !== 'value') throw new Error(`${expression}: ${JSON.stringify(evaluation)}`);
  return evaluation.value;
}
