// One clause of a scoping filter: an operator applied to a source attribute. Compiled once, tested for every object.
import { textOf, wholeNumber } from '../expressions/coerce.ts';
import { parseDateTime } from '../expressions/dates/parse-loose.ts';
import { regexOf } from '../expressions/regex.ts';
import { isDateTime, isRole, listOf } from '../expressions/values.ts';
import type { DateTime, Value } from '../expressions/values.ts';
import type { AttributeType, FilterClause } from '../model/schema.ts';
import { filterOperator } from '../schema/filter-operators.ts';
import type { FilterOperator, FilterOperatorName } from '../schema/filter-operators.ts';
import { filterSubjects } from '../schema/filter-subjects.ts';
import type { FilterSubject } from '../schema/filter-subjects.ts';
import { dateOperandOf, dayOf } from './date-operand.ts';
import type { DateOperand } from './date-operand.ts';

export interface CompiledClause {
  readonly attribute: string;
  readonly operator: FilterOperatorName;
  readonly subject: FilterSubject;
  /** `department EQUALS Sales`, as the log shows it. */
  readonly words: string;
  readonly operands: readonly string[];
  /** Dates to compare with that move: time alone may change the answer. */
  readonly moving: readonly DateOperand[];
  /**
   * Does a value satisfy the clause? An attribute without one satisfies none but IS NULL; with `missing: 'passes'` it satisfies
   * the negative operators too. Of several values one is enough, and for a negative operator all must satisfy it.
   */
  readonly test: (value: Value, circumstances: Circumstances) => boolean;
}
export interface Circumstances {
  readonly missing: 'fails' | 'passes';
  /** What relative dates count from. */
  readonly now: Date;
}
/** What is known of the attribute. */
export interface Tested {
  readonly subject: FilterSubject;
  readonly type: AttributeType;
  /** Names for the log of what the operands identify. */
  readonly names?: ReadonlyMap<string, string>;
}
const plainText: Tested = { subject: filterSubjects.value, type: 'String' };

type Test<T> = (value: T, now: Date) => boolean;

/** Throws on an operator, pattern or date that no saved schema can hold. */
export function compileClause(clause: FilterClause, tested: Tested = plainText): CompiledClause {
  const operator = filterOperator(clause.operatorName);
  if (operator === undefined)
    throw new Error(`"${clause.operatorName}" is not a filter operator, and was saved as one`);
  const { values } = clause.targetOperand;
  // Ids are the same in any case; the directory writes them in small letters.
  const operands = tested.subject.operand === 'id' ? values.map((id) => id.toLowerCase()) : values;
  const parts = partsOf(operator, operands, tested);
  const { subject } = tested;
  return {
    attribute: clause.sourceOperandName,
    operator: operator.name,
    subject,
    words: wordsOf(
      clause.sourceOperandName,
      operator,
      operands.map((operand) => nameOf(operand, tested)),
    ),
    operands,
    moving: parts.moving,
    test: (value, { missing, now }) => {
      const holds = parts.test(value, now);
      if (holds !== null) return holds;
      return (
        operator.name === 'IS NULL' || ((missing === 'passes' || subject.noneIsKnown) && negative.has(operator.name))
      );
    },
  };
}

const negative: ReadonlySet<FilterOperatorName> = new Set(['NOT EQUALS', 'IS FALSE', 'NOT REGEX MATCH', '!&']);

const wordsOf = (attribute: string, { portal }: FilterOperator, operands: readonly string[]): string =>
  [attribute, portal, operands.join(', ')].filter((part) => part !== '').join(' ');

function nameOf(operand: string, { names }: Tested): string {
  const name = names?.get(operand);
  return name === undefined ? operand : `${name} (${operand})`;
}

interface Parts {
  /** `null` without a value. */
  readonly test: (value: Value, now: Date) => boolean | null;
  readonly moving: readonly DateOperand[];
}

function partsOf({ name }: FilterOperator, operands: readonly string[], { subject, type }: Tested): Parts {
  if (subject.kind === 'date') {
    const dates = operands.map(savedDate);
    const test = overAll(name, datesOf, dateTest(name, dates));
    return { test, moving: dates.filter(({ moves }) => moves) };
  }
  const numeric = type === 'Integer';
  return { test: overAll(name, textsOf, textTests[name](operands, numeric)), moving: [] };
}

/** Any value for a positive operator, every value for a negative one. */
function overAll<T>(name: FilterOperatorName, read: (value: Value) => readonly T[], passes: Test<T>): Parts['test'] {
  const all = negative.has(name);
  return (value, now) => {
    const found = read(value);
    if (found.length === 0) return null;
    return all ? found.every((one) => passes(one, now)) : found.some((one) => passes(one, now));
  };
}

/** An empty text is no value. A role goes by its id, its value and its display name. */
function textsOf(value: Value): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  return listOf(value)
    .flatMap((one) => (isRole(one) ? [one.id, one.value, one.displayName] : [textOf(one)]))
    .filter((text): text is string => text !== null && text !== '');
}

/** What is no date cannot be compared: it counts as missing. */
const datesOf = (value: Value): readonly DateTime[] =>
  listOf(value).flatMap((one) => (isDateTime(one) ? one : parseDateTime(textOf(one) ?? '')) ?? []);

const textTests: Readonly<Record<FilterOperatorName, (operands: readonly string[], numeric: boolean) => Test<string>>> =
  {
    EQUALS: (operands, numeric) => equalsAny(operands, numeric),
    'NOT EQUALS': (operands, numeric) => not(equalsAny(operands, numeric)),
    'IS TRUE': () => (text) => text.toLowerCase() === 'true',
    'IS FALSE': () => (text) => text.toLowerCase() === 'false',
    'IS NULL': () => () => false,
    'IS NOT NULL': () => () => true,
    'REGEX MATCH': (operands) => matchesAny(operands),
    'NOT REGEX MATCH': (operands) => not(matchesAny(operands)),
    GREATER_THAN: (operands) => comparesToAny(operands, (number, operand) => number > operand),
    GREATER_THAN_OR_EQUALS: (operands) => comparesToAny(operands, (number, operand) => number >= operand),
    INCLUDES: (operands) => (text) => operands.some((operand) => text.includes(operand)),
    ENDS_WITH: (operands) => (text) => operands.some((operand) => text.endsWith(operand)),
    '&': (operands) => sharesBits(operands),
    '!&': (operands) => not(sharesBits(operands)),
    BEFORE: () => () => false,
    AFTER: () => () => false,
  };

const not =
  <T>(test: Test<T>): Test<T> =>
  (value, now) =>
    !test(value, now);

/** The whole text, with its case; numbers by their value. */
function equalsAny(operands: readonly string[], numeric: boolean): Test<string> {
  const texts = new Set(operands);
  if (!numeric) return (text) => texts.has(text);
  const numbers = new Set(operands.map(wholeNumber));
  return (text) => {
    const number = wholeNumber(text);
    return number === null ? texts.has(text) : numbers.has(number);
  };
}

/** A search, not a match of the whole value, as in .NET. */
function matchesAny(patterns: readonly string[]): Test<string> {
  const compiled = patterns.map((pattern) => {
    const regex = regexOf(pattern);
    if (!regex.ok) throw new Error(`${regex.message} It was saved as a filter.`);
    return regex;
  });
  return (text) => compiled.some((regex) => regex.matches(text).length > 0);
}

/** Whole numbers from 0; anything else satisfies no comparison. */
function comparesToAny(
  operands: readonly string[],
  compare: (number: bigint, operand: bigint) => boolean,
): Test<string> {
  const numbers = operands.flatMap((operand) => naturalNumber(operand) ?? []);
  return (text) => {
    const number = naturalNumber(text);
    return number !== null && numbers.some((operand) => compare(number, operand));
  };
}
function naturalNumber(text: string): bigint | null {
  const number = wholeNumber(text);
  return number !== null && number >= 0n ? number : null;
}

/** Bit masks that have a bit in common; of texts that are no numbers, the operand contains the value. */
function sharesBits(operands: readonly string[]): Test<string> {
  return (text) => {
    const bits = wholeNumber(text);
    return operands.some((operand) => {
      const mask = wholeNumber(operand);
      return bits === null || mask === null ? operand.includes(text) : (bits & mask) !== 0n;
    });
  };
}

function savedDate(text: string): DateOperand {
  const read = dateOperandOf(text);
  if (read.ok) return read.operand;
  throw new Error(`${read.message}. It was saved as a filter.`);
}

function dateTest(name: FilterOperatorName, operands: readonly DateOperand[]): Test<DateTime> {
  const holds = dateComparisons[name];
  if (holds === undefined) return () => name === 'IS NOT NULL';
  const any: Test<DateTime> = (date, now) => operands.some((operand) => holds(date, operand.at(now), operand.wholeDay));
  return negative.has(name) ? not(any) : any;
}

type DateComparison = (date: DateTime, operand: DateTime, wholeDay: boolean) => boolean;
const sameTime: DateComparison = (date, operand, wholeDay) =>
  wholeDay ? dayOf(date) === dayOf(operand) : date.ticks === operand.ticks;
const dateComparisons: Partial<Record<FilterOperatorName, DateComparison>> = {
  EQUALS: sameTime,
  'NOT EQUALS': sameTime,
  BEFORE: (date, operand) => date.ticks < operand.ticks,
  AFTER: (date, operand) => date.ticks > operand.ticks,
};
