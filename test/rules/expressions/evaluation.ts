// Evaluates expressions for tests as the engine does, with an injected clock and chance.
import { evaluate } from '../../../src/rules/expressions/evaluate.ts';
import type { Evaluation, EvaluationScope } from '../../../src/rules/expressions/evaluate.ts';
import { parseExpression } from '../../../src/rules/expressions/parse.ts';
import type { Value } from '../../../src/rules/expressions/values.ts';

export const NOW = '2025-07-30T00:00:00Z';

export function scopeOf(attributes: Readonly<Record<string, Value>>, now: string = NOW): EvaluationScope {
  return {
    attribute: (name) => attributes[name] ?? null,
    now: new Date(now),
    random: Math.random,
    guid: () => crypto.randomUUID(),
    defaultDomain: 'contoso.com',
  };
}

/** A text that is no expression comes back as an error, like one that cannot be evaluated. */
export function run(
  expression: string,
  attributes: Readonly<Record<string, Value>> = {},
  now: string = NOW,
): Evaluation {
  const parsed = parseExpression(expression);
  return parsed.ok ? evaluate(parsed.expression, scopeOf(attributes, now)) : { kind: 'error', message: parsed.message };
}

export function valueOf(
  expression: string,
  attributes: Readonly<Record<string, Value>> = {},
  now: string = NOW,
): Value {
  const evaluation = run(expression, attributes, now);
  if (evaluation.kind !== 'value') throw new Error(`${expression}: ${JSON.stringify(evaluation)}`);
  return evaluation.value;
}
