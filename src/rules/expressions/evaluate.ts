// Tree → a function from source object to value. Arguments are evaluated only when a function asks for them; nothing here knows clock or chance.
import type { CallExpression, ComparisonExpression, Expression, Keyword } from './ast.ts';
import type { Evaluator } from './call.ts';
import { Call, CallSite, Run } from './call.ts';
import { findFunction } from './catalogue.ts';
import { compareValues } from './compare.ts';
import type { EvaluationScope } from './evaluation-scope.ts';
import { AllTaken, FlowInterruption, ignoreAttribute, ignoreObject } from './interruption.ts';
import type { Value } from './values.ts';
import { EvaluationFailure, integer } from './values.ts';

export type { EvaluationScope } from './evaluation-scope.ts';

export type Evaluation =
  | { readonly kind: 'value'; readonly value: Value }
  /** Leave the target attribute as it is. */
  | { readonly kind: 'ignore-attribute' }
  /** Leave the whole object alone in this cycle. */
  | { readonly kind: 'ignore-object' }
  /** SelectUniqueValue found none that is free; `candidates` in the order tried. */
  | { readonly kind: 'all-taken'; readonly candidates: readonly string[]; readonly message: string }
  | { readonly kind: 'error'; readonly message: string };

/** Evaluates for one object. A refusal is an answer; only a bug throws. */
export type CompiledExpression = (scope: EvaluationScope) => Evaluation;

/** Everything that is the same for all objects is done here or at the first of them: look-ups, patterns, formats, constants. */
export function compileExpression(e: Expression): CompiledExpression {
  const evaluator = evaluatorOf(e);
  return (scope) => {
    try {
      return { kind: 'value', value: evaluator(new Run(scope)) };
    } catch (interruption) {
      return answered(interruption);
    }
  };
}

/** For a single use; compile what is evaluated for many objects. */
export const evaluate = (e: Expression, scope: EvaluationScope): Evaluation => compileExpression(e)(scope);

function answered(interruption: unknown): Evaluation {
  if (interruption instanceof FlowInterruption) return { kind: interruption.flow };
  if (interruption instanceof EvaluationFailure) return { kind: 'error', message: interruption.message };
  if (interruption instanceof AllTaken) {
    return { kind: 'all-taken', candidates: interruption.candidates, message: interruption.message };
  }
  throw interruption;
}

function evaluatorOf(e: Expression): Evaluator {
  switch (e.kind) {
    case 'attribute':
      return ({ scope }) => scope.attribute(e.name);
    case 'constant': {
      const value = constantValue(e.value);
      return () => value;
    }
    case 'comparison':
      return comparisonEvaluator(e);
    case 'keyword':
      return keywordEvaluator(e.word);
    case 'call':
      return callEvaluator(e);
  }
}

const constantValue = (value: string | bigint): Value => (typeof value === 'bigint' ? integer(value) : value);

function comparisonEvaluator({ left, operator, right }: ComparisonExpression): Evaluator {
  const [a, b] = [evaluatorOf(left), evaluatorOf(right)];
  return (run) => {
    const value = a(run);
    // Comparing is quick, but texts without end are not.
    if (typeof value === 'string') run.spend(value.length >> 4);
    return compareValues(value, operator, b(run));
  };
}

function keywordEvaluator(word: Keyword): Evaluator {
  switch (word) {
    case 'True':
      return () => true;
    case 'False':
      return () => false;
    case 'NULL':
      return () => null;
    case 'IgnoreAttributeFlow':
      return () => {
        throw ignoreAttribute;
      };
    case 'IgnoreObjectFlow':
      return () => {
        throw ignoreObject;
      };
    case 'vbTextCompare':
    case 'vbBinaryCompare':
    case 'UTF8':
    case 'Unicode':
    case 'ASCII':
      return () => word;
  }
}

function callEvaluator(e: CallExpression): Evaluator {
  const definition = findFunction(e.name);
  if (definition === undefined) throw new Error(`The expression was not checked: there is no function ${e.name}.`);
  const site = new CallSite(
    e.name,
    e.args.map((arg) => ({
      evaluate: arg === null ? null : evaluatorOf(arg),
      word: arg?.kind === 'keyword' ? arg.word : null,
      constant: arg === null || arg.kind === 'constant' || arg.kind === 'keyword',
    })),
  );
  return (run) => {
    try {
      return definition.evaluate(new Call(site, run));
    } catch (failure) {
      if (failure instanceof EvaluationFailure && !failure.placed) throw failure.in(e.name);
      throw failure;
    }
  };
}
