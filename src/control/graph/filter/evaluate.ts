// A $filter tree as a predicate. Property names in any case, values in theirs.
import { filterError } from './tokens.ts';
import type { FilterValue } from './tokens.ts';
import type { Filter, FilterTerm } from './parse.ts';

/** What a property holds, which decides what it can be compared with, and how it is read. */
export type Property<T> =
  | { readonly type: 'text'; readonly read: (item: T) => string | null }
  | { readonly type: 'number'; readonly read: (item: T) => number | null }
  | { readonly type: 'boolean'; readonly read: (item: T) => boolean | null }
  | { readonly type: 'time'; readonly read: (item: T) => Date | null };
type Value = string | number | boolean | Date | null;

/** By name, in Graph's casing. */
export type Properties<T> = Readonly<Record<string, Property<T>>>;

/** Throws ConfigError for a property that cannot be filtered by, or a value of the wrong type. */
export function predicate<T>(filter: Filter, properties: Properties<T>): (item: T) => boolean {
  switch (filter.kind) {
    case 'term':
      return termPredicate(filter, properties);
    case 'not': {
      const operand = predicate(filter.operand, properties);
      return (item) => !operand(item);
    }
    case 'and':
    case 'or': {
      const [left, right] = [predicate(filter.left, properties), predicate(filter.right, properties)];
      return filter.kind === 'and' ? (item) => left(item) && right(item) : (item) => left(item) || right(item);
    }
  }
}

function termPredicate<T>(term: FilterTerm, properties: Properties<T>): (item: T) => boolean {
  const [name, { type, read }] = propertyNamed(term.property, properties);
  const { operator, value } = term;
  if (!isComparable(type, value))
    throw filterError(`compares '${name}' with a value of another type; ${examples[type]}`);
  const text = String(value);
  switch (operator) {
    case 'contains':
      return (item) => textOf(read(item)).includes(text);
    case 'startswith':
      return (item) => textOf(read(item)).startsWith(text);
    case 'endswith':
      return (item) => textOf(read(item)).endsWith(text);
    case 'eq':
      return (item) => compare(read(item), value) === 0;
    case 'ne':
      return (item) => compare(read(item), value) !== 0;
    case 'gt':
      return (item) => (compare(read(item), value) ?? 0) > 0;
    case 'ge':
      return (item) => (compare(read(item), value) ?? -1) >= 0;
    case 'lt':
      return (item) => (compare(read(item), value) ?? 0) < 0;
    case 'le':
      return (item) => (compare(read(item), value) ?? 1) <= 0;
  }
}

function propertyNamed<T>(property: string, properties: Properties<T>): readonly [string, Property<T>] {
  const found = Object.entries(properties).find(([name]) => name.toLowerCase() === property);
  if (found !== undefined) return found;
  const names = Object.keys(properties).join(', ');
  throw filterError(`names '${property}', which cannot be filtered by; use one of ${names}`);
}

const examples = {
  text: "write a text as 'text'",
  number: 'write a number as 12',
  boolean: 'write true or false',
  time: 'write a time as 2026-01-31T00:00:00Z',
} as const;

/** A time may be given as a quoted text too. */
function isComparable(type: keyof typeof examples, value: FilterValue): boolean {
  if (value === null) return true;
  if (type === 'time') return value instanceof Date || (typeof value === 'string' && !Number.isNaN(Date.parse(value)));
  return typeof value === (type === 'text' ? 'string' : type);
}

const textOf = (value: Value): string => (value instanceof Date ? value.toISOString() : String(value ?? ''));

/** `null` when the two cannot be compared. */
export function compare(left: Value, right: FilterValue): number | null {
  if (left === null || right === null) return left === right ? 0 : null;
  const [a, b] = comparable(left, right);
  if (a === b) return 0;
  if (typeof a !== typeof b) return null;
  return a < b ? -1 : 1;
}

type Comparable = string | number | boolean;
function comparable(left: NonNullable<Value>, right: NonNullable<FilterValue>): readonly [Comparable, Comparable] {
  if (left instanceof Date)
    return [left.getTime(), right instanceof Date ? right.getTime() : Date.parse(String(right))];
  return [left, right instanceof Date ? String(right) : right];
}
