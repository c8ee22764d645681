// Tree + source object → value. Arguments are evaluated only when a function asks for them; nothing here knows clock or chance.
import type { CallExpression, Expression, Keyword } from './ast.ts';
import { findFunction } from './catalogue.ts';
import { compareValues } from './compare.ts';
import type { Call } from './function-definition.ts';
import type { Value } from './values.ts';
import { EvaluationFailure, integer } from './values.ts';

export interface EvaluationScope {
  /** Value of a source attribute; null when the object has none. `appRoleAssignments` is a list of RoleValue. */
  attribute(name: string): Value;
  readonly now: Date;
  /** From 0 up to but not including 1, from a source fit for passwords. */
  random(): number;
  guid(): string;
  readonly defaultDomain?: string;
  /**
   * For SelectUniqueValue: has another account this value in the target attribute? Compares without regard to case.
   * Absent: nothing is taken.
   */
  taken?(value: string): boolean;
}

export type Evaluation =
  | { readonly kind: 'value'; readonly value: Value }
  /** Leave the target attribute as it is. */
  | { readonly kind: 'ignore-attribute' }
  /** Leave the whole object alone in this cycle. */
  | { readonly kind: 'ignore-object' }
  /** SelectUniqueValue found none that is free; `candidates` in the order tried. */
  | { readonly kind: 'all-taken'; readonly candidates: readonly string[]; readonly message: string }
  | { readonly kind: 'error'; readonly message: string };

/** Evaluates one expression for one object. A refusal is an answer; only a bug throws. */
export function evaluate(e: Expression, scope: EvaluationScope): Evaluation {
  try {
    return { kind: 'value', value: valueOf(e, scope) };
  } catch (interruption) {
    if (interruption instanceof FlowInterruption) return { kind: interruption.flow };
    if (interruption instanceof AllTaken) return allTaken(interruption.candidates);
    if (interruption instanceof EvaluationFailure) return { kind: 'error', message: interruption.message };
    throw interruption;
  }
}

/** A flow result reaches the mapping through whatever functions stand around it. */
class FlowInterruption extends Error {
  override readonly name = 'FlowInterruption';
  readonly flow: 'ignore-attribute' | 'ignore-object';
  constructor(flow: FlowInterruption['flow']) {
    super(flow);
    this.flow = flow;
  }
}

class AllTaken extends Error {
  override readonly name = 'AllTaken';
  readonly candidates: readonly string[];
  constructor(candidates: readonly string[]) {
    super('all candidates are taken');
    this.candidates = candidates;
  }
}

const allTaken = (candidates: readonly string[]): Evaluation => ({
  kind: 'all-taken',
  candidates,
  message: `SelectUniqueValue: other accounts have all of these values already: ${candidates.join(', ')}. Add a rule that gives another one.`,
});

function valueOf(e: Expression, scope: EvaluationScope): Value {
  switch (e.kind) {
    case 'attribute':
      return scope.attribute(e.name);
    case 'constant':
      return typeof e.value === 'bigint' ? integer(e.value) : e.value;
    case 'comparison':
      return compareValues(valueOf(e.left, scope), e.operator, valueOf(e.right, scope));
    case 'keyword':
      return keywordValue(e.word);
    case 'call':
      return callValue(e, scope);
  }
}

function keywordValue(word: Keyword): Value {
  switch (word) {
    case 'True':
      return true;
    case 'False':
      return false;
    case 'NULL':
      return null;
    case 'IgnoreAttributeFlow':
      throw new FlowInterruption('ignore-attribute');
    case 'IgnoreObjectFlow':
      throw new FlowInterruption('ignore-object');
    case 'vbTextCompare':
    case 'vbBinaryCompare':
    case 'UTF8':
    case 'Unicode':
    case 'ASCII':
      return word;
  }
}

function callValue(e: CallExpression, scope: EvaluationScope): Value {
  const definition = findFunction(e.name);
  if (definition === undefined) throw new Error(`The expression was not checked: there is no function ${e.name}.`);
  try {
    return definition.evaluate(callOf(e, scope));
  } catch (failure) {
    if (failure instanceof EvaluationFailure && !failure.placed) throw failure.in(e.name);
    throw failure;
  }
}

function callOf(e: CallExpression, scope: EvaluationScope): Call {
  const arg = (index: number): Expression | null => e.args[index] ?? null;
  return {
    count: e.args.length,
    given: (index) => arg(index) !== null,
    value: (index) => {
      const expression = arg(index);
      return expression === null ? null : valueOf(expression, scope);
    },
    word: (index) => {
      const expression = arg(index);
      return expression?.kind === 'keyword' ? expression.word : null;
    },
    now: scope.now,
    random: () => scope.random(),
    guid: () => scope.guid(),
    defaultDomain: scope.defaultDomain,
    taken: (value) => scope.taken?.(value) ?? false,
    allTaken: (candidates) => {
      throw new AllTaken(candidates);
    },
    ignoreAttribute: () => {
      throw new FlowInterruption('ignore-attribute');
    },
  };
}
