// What a function of the language is: its data for validation, storage, Graph's list and documentation, and its evaluation.
import type { Expression, Keyword } from './ast.ts';
import type { Call } from './call.ts';
import type { Value } from './values.ts';

export type ValueType = 'String' | 'Integer' | 'Boolean' | 'DateTime';

export interface FunctionParameter {
  /** As documented. */
  readonly name: string;
  /** As stored in `parameters` of Graph's attributeMappingSource, and as Graph lists it. */
  readonly key: string;
  readonly type: ValueType;
  readonly required: boolean;
  /** May be given any number of times; only the last parameter repeats. */
  readonly repeats: boolean;
  /** The argument is one of these bare words. */
  readonly words?: readonly Keyword[];
  /** The value may be the result of the function, so IgnoreAttributeFlow and IgnoreObjectFlow are allowed. */
  readonly result?: true;
  /** Keys under which operator and right operand of a comparison are stored; the left operand has `key`. */
  readonly comparisonKeys?: { readonly operator: string; readonly right: string };
  /** Reads the value as evaluation does; a constant that it refuses (EvaluationFailure) is refused when a schema is saved. */
  readonly reads?: (value: Value) => unknown;
}

export interface FunctionExample {
  readonly expression: string;
  /** Source attributes it reads; absent = null. */
  readonly attributes?: Readonly<Record<string, string | boolean | readonly string[]>>;
  /** One text per value; empty for null. */
  readonly result: readonly string[];
}

export interface FunctionDefinition {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** Rules about null, several values, types and limits: one sentence each. */
  readonly notes: readonly string[];
  /** Part of the language of cloud sync, or only in Graph's list of functions; absent: of app provisioning. */
  readonly dialect?: 'cloud-sync' | 'graph';
  readonly parameters: readonly FunctionParameter[];
  readonly result: ValueType | 'same as source' | 'several Strings' | 'complex values';
  /** An older signature, told apart by its number of arguments. */
  readonly shortForm?: readonly FunctionParameter[];
  /** Every slot is written, also those of omitted arguments at the end. */
  readonly allSlots?: true;
  /** Only ever the whole expression, never an argument. */
  readonly outermost?: true;
  readonly examples: readonly FunctionExample[];
  /** Rules over the arguments together. */
  readonly check?: (args: readonly (Expression | null)[]) => ArgumentProblem | null;
  /** Throws EvaluationFailure. */
  readonly evaluate: (call: Call) => Value;
}

export interface ArgumentProblem {
  /** One sentence: what is wrong and what would be right. */
  readonly message: string;
  /** Index of the argument at fault; absent: the call as a whole. */
  readonly argument?: number;
}

type Options = Partial<Omit<FunctionParameter, 'name' | 'type'>>;
const parameter = (name: string, type: ValueType, options: Options): FunctionParameter => ({
  name,
  key: name,
  type,
  required: true,
  repeats: false,
  ...options,
});
export const text = (name: string, options: Options = {}): FunctionParameter => parameter(name, 'String', options);
export const number = (name: string, options: Options = {}): FunctionParameter => parameter(name, 'Integer', options);
export const boolean = (name: string, options: Options = {}): FunctionParameter => parameter(name, 'Boolean', options);
export const dateTime = (name: string, options: Options = {}): FunctionParameter =>
  parameter(name, 'DateTime', options);

/** The signature that a call with this many arguments uses. */
export const parametersFor = (definition: FunctionDefinition, count: number): readonly FunctionParameter[] =>
  definition.shortForm?.length === count ? definition.shortForm : definition.parameters;
