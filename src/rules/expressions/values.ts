// Values while an expression is evaluated, and how one kind is read as another. An impossible reading throws EvaluationFailure.

/** A point in time, always UTC: 100 ns ticks since 0001-01-01T00:00:00Z. */
export interface DateTime {
  readonly ticks: bigint;
}
/** An app role that the object holds; the list of them is the attribute `appRoleAssignments`. */
export interface RoleValue {
  readonly id: string;
  readonly value: string | null;
  readonly displayName: string;
}
/** A value with sub-attributes, ready for a complex multi-valued target attribute. */
export interface ComplexValue {
  readonly complex: Readonly<Record<string, string | boolean>>;
}
/** Integers are numbers up to 2^53 and bigints beyond. */
export type Value = string | number | bigint | boolean | null | DateTime | RoleValue | ComplexValue | readonly Value[];

/** The evaluation of this object's expression cannot go on. Caught by `evaluate`, which answers it as data. */
export class EvaluationFailure extends Error {
  override readonly name = 'EvaluationFailure';
  /** The message names the function in which it happened. */
  readonly placed: boolean;
  constructor(message: string, placed = false) {
    super(message);
    this.placed = placed;
  }
  in(functionName: string): EvaluationFailure {
    return new EvaluationFailure(`${functionName}: ${this.message}`, true);
  }
}

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
const isObject = (value: Value): value is DateTime | RoleValue | ComplexValue =>
  typeof value === 'object' && value !== null && !isList(value);
export const isDateTime = (value: Value): value is DateTime => isObject(value) && 'ticks' in value;
export const isRole = (value: Value): value is RoleValue => isObject(value) && 'displayName' in value;
export const isComplex = (value: Value): value is ComplexValue => isObject(value) && 'complex' in value;

/** An attribute without values counts as absent. */
export const isNothing = (value: Value): boolean => value === null || (isList(value) && value.length === 0);

/** Nothing, or an empty text. White space is content. */
export const isBlank = (value: Value): boolean => value === '' || isNothing(value);

export const listOf = (value: Value): readonly Value[] => (value === null ? [] : isList(value) ? value : [value]);

/** The value itself, or the only element of a list. */
export function single(value: Value): Exclude<Value, readonly Value[]> {
  if (!isList(value)) return value;
  if (value.length > 1) {
    throw new EvaluationFailure(
      `one value was expected, but there are ${String(value.length)}: take one with Item, or combine them with Join.`,
    );
  }
  const [only = null] = value;
  return single(only);
}

export const integer = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;

const LONGEST_QUOTE = 100;
/** A value in a message; of a long one the beginning. */
export const quoted = (text: string): string =>
  text.length <= LONGEST_QUOTE ? `"${text}"` : `"${text.slice(0, LONGEST_QUOTE)}…" (${String(text.length)} characters)`;
