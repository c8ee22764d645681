// One clause of a scoping filter: an operator applied to a source attribute. Compiled once, tested for every object.
import { textOf, wholeNumber } from '../expressions/coerce.ts';
import { regexOf } from '../expressions/regex.ts';
import { listOf } from '../expressions/values.ts';
import type { Value } from '../expressions/values.ts';
import type { FilterClause } from '../model/schema.ts';
import { filterOperator } from '../schema/filter-operators.ts';
import type { FilterOperatorName } from '../schema/filter-operators.ts';

export interface CompiledClause {
  readonly attribute: string;
  /**
   * Does a value satisfy the clause? An attribute without one satisfies none but IS NULL; with `missing: 'passes'` it satisfies the negative
   * operators too. Of a multi-valued attribute, every value must satisfy the clause.
   */
  readonly test: (value: Value, missing: Missing) => boolean;
}
export type Missing = 'fails' | 'passes';

type TextTest = (text: string) => boolean;

/** Throws on an operator or pattern that no saved schema can hold. */
export function compileClause({ operatorName, sourceOperandName, targetOperand }: FilterClause): CompiledClause {
  const operator = filterOperator(operatorName);
  if (operator === undefined) throw new Error(`"${operatorName}" is not a filter operator, and was saved as one`);
  const { name } = operator;
  const passes = textTests[name](targetOperand.values);
  return {
    attribute: sourceOperandName,
    test: (value, missing) => {
      const texts = listOf(value)
        .flatMap((one) => textOf(one) ?? [])
        .filter((text) => text !== '');
      if (texts.length === 0) return name === 'IS NULL' || (missing === 'passes' && negative.has(name));
      return texts.every(passes);
    },
  };
}

const negative: ReadonlySet<FilterOperatorName> = new Set(['NOT EQUALS', 'IS FALSE', 'NOT REGEX MATCH', '!&']);

const textTests: Readonly<Record<FilterOperatorName, (operands: readonly string[]) => TextTest>> = {
  EQUALS: (operands) => (text) => operands.includes(text),
  'NOT EQUALS': (operands) => (text) => !operands.includes(text),
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
};

const not =
  (test: TextTest): TextTest =>
  (text) =>
    !test(text);

/** A search, not a match of the whole value, as in .NET. */
function matchesAny(patterns: readonly string[]): TextTest {
  const compiled = patterns.map((pattern) => {
    const regex = regexOf(pattern);
    if (!regex.ok) throw new Error(`${regex.message} It was saved as a filter.`);
    return regex;
  });
  return (text) => compiled.some((regex) => regex.matches(text).length > 0);
}

/** Whole numbers from 0; anything else satisfies no comparison. */
function comparesToAny(operands: readonly string[], compare: (number: bigint, operand: bigint) => boolean): TextTest {
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
function sharesBits(operands: readonly string[]): TextTest {
  return (text) => {
    const bits = wholeNumber(text);
    return operands.some((operand) => {
      const mask = wholeNumber(operand);
      return bits === null || mask === null ? operand.includes(text) : (bits & mask) !== 0n;
    });
  };
}
