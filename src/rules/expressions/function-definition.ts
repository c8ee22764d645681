// What a function of the language is: its data for validation, storage and documentation, and its evaluation.
import type { Expression, Keyword } from './ast.ts';
import type { Value } from './values.ts';

export interface FunctionParameter {
  /** As documented. */
  readonly name: string;
  /** As stored in `parameters` of Graph's attributeMappingSource. */
  readonly key: string;
  readonly type: 'String' | 'Integer' | 'Boolean' | 'DateTime';
  readonly required: boolean;
  /** May be given any number of times; only the last parameter repeats. */
  readonly repeats: boolean;
  /** The argument is one of these bare words. */
  readonly words?: readonly Keyword[];
  /** The value may be the result of the function, so IgnoreAttributeFlow and IgnoreObjectFlow are allowed. */
  readonly result?: true;
  /** Keys under which operator and right operand of a comparison are stored; the left operand has `key`. */
  readonly comparisonKeys?: { readonly operator: string; readonly right: string };
}

/** The arguments of one call, evaluated when asked for: what is not asked for is never evaluated. */
export interface Call {
  readonly count: number;
  /** Was the argument given? An empty text is given, an empty slot is not. */
  given(index: number): boolean;
  /** Null for an omitted argument. */
  value(index: number): Value;
  /** The bare word given as argument. */
  word(index: number): Keyword | null;
  readonly now: Date;
  /** From 0 up to but not including 1. */
  random(): number;
  guid(): string;
  readonly defaultDomain: string | undefined;
  /** Leaves the target attribute as it is. */
  ignoreAttribute(): never;
  /** Has another account of the application this value in the target attribute? */
  taken(value: string): boolean;
  /** Ends the evaluation: every candidate is taken. */
  allTaken(candidates: readonly string[]): never;
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
  readonly parameters: readonly FunctionParameter[];
  /** An older signature, told apart by its number of arguments. */
  readonly shortForm?: readonly FunctionParameter[];
  /** Every slot is written, also those of omitted arguments at the end. */
  readonly allSlots?: true;
  /** Only ever the whole expression, never an argument. */
  readonly outermost?: true;
  readonly examples: readonly FunctionExample[];
  /** Rules over the arguments together; answers what is wrong, or null. */
  readonly check?: (args: readonly (Expression | null)[]) => string | null;
  /** Throws EvaluationFailure. */
  readonly evaluate: (call: Call) => Value;
}

type Options = Partial<Omit<FunctionParameter, 'name' | 'type'>>;
const parameter = (name: string, type: FunctionParameter['type'], options: Options): FunctionParameter => ({
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
