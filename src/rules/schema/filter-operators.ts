// The operators of scoping filters as data: names as the API stores them and as the portal shows them, arity, types.
import type { AttributeType } from '../model/schema.ts';

const anyType = ['Integer', 'String', 'Binary', 'Boolean'] as const;
const words = ['Integer', 'String'] as const;

const operators = [
  { name: 'EQUALS', portal: 'EQUALS', arity: 'Binary', types: words, value: 'text' },
  { name: 'NOT EQUALS', portal: 'NOT EQUALS', arity: 'Binary', types: words, value: 'text' },
  { name: 'IS TRUE', portal: 'IS TRUE', arity: 'Unary', types: ['Boolean'], value: 'none' },
  { name: 'IS FALSE', portal: 'IS FALSE', arity: 'Unary', types: ['Boolean'], value: 'none' },
  { name: 'IS NULL', portal: 'IS NULL', arity: 'Unary', types: anyType, value: 'none' },
  { name: 'IS NOT NULL', portal: 'IS NOT NULL', arity: 'Unary', types: anyType, value: 'none' },
  { name: 'REGEX MATCH', portal: 'REGEX MATCH', arity: 'Binary', types: words, value: 'pattern' },
  { name: 'NOT REGEX MATCH', portal: 'NOT REGEX MATCH', arity: 'Binary', types: words, value: 'pattern' },
  { name: 'GREATER_THAN', portal: 'Greater_Than', arity: 'Binary', types: words, value: 'natural' },
  { name: 'GREATER_THAN_OR_EQUALS', portal: 'Greater_Than_OR_EQUALS', arity: 'Binary', types: words, value: 'natural' },
  { name: 'INCLUDES', portal: 'Includes', arity: 'Binary', types: ['String'], value: 'text' },
  { name: 'ENDS_WITH', portal: 'ENDS_WITH', arity: 'Binary', types: ['String'], value: 'text' },
  { name: '&', portal: '&', arity: 'Binary', types: words, value: 'bits' },
  { name: '!&', portal: '!&', arity: 'Binary', types: words, value: 'bits' },
  { name: 'BEFORE', portal: 'BEFORE', arity: 'Binary', types: ['DateTime'], value: 'date' },
  { name: 'AFTER', portal: 'AFTER', arity: 'Binary', types: ['DateTime'], value: 'date' },
] as const;

/** Canonical name, as stored and as the API answers it. */
export type FilterOperatorName = (typeof operators)[number]['name'];

export interface FilterOperator {
  readonly name: FilterOperatorName;
  /** As the Entra portal shows it. */
  readonly portal: string;
  readonly arity: 'Unary' | 'Binary';
  /** Types of single-valued attributes that it applies to. Numbers are often held in text attributes, so integers allow String. */
  readonly types: readonly AttributeType[];
  /**
   * What the operand must be: a natural is a whole number ≥ 0, a pattern is a regular expression, bits are a number or, for a
   * text attribute, a text that may contain its value.
   */
  readonly value: 'none' | 'text' | 'natural' | 'pattern' | 'bits' | 'date';
}

export const filterOperators: readonly FilterOperator[] = operators;

/** What Entra does not know: a schema that uses one stays with us. */
export const ownOperators: ReadonlySet<FilterOperatorName> = new Set(['BEFORE', 'AFTER']);

const spelling = (name: string): string =>
  name
    .trim()
    .toUpperCase()
    .replaceAll(/[\s_]+/g, ' ');
const bySpelling: ReadonlyMap<string, FilterOperator> = new Map(filterOperators.map((o) => [spelling(o.name), o]));

/** Finds an operator by its API or portal name; case does not matter, and blank and underscore are alike. */
export const filterOperator = (name: string): FilterOperator | undefined => bySpelling.get(spelling(name));

const refusals: ReadonlyMap<string, string> = new Map([
  ['ISMEMBEROF', 'Entra shows it but does not support it: filter by memberOf EQUALS with the id of a group instead.'],
  ['IS MEMBER OF', 'Entra shows it but does not support it: filter by memberOf EQUALS with the id of a group instead.'],
  ['PRESENT', 'Entra showed it once and never documented it: use IS NOT NULL.'],
  ['VALID CERT MATCH', 'Entra showed it once and never documented what it compares: use REGEX MATCH.'],
]);

/** Why a name that Entra's portal shows is refused, with what to use instead; `undefined` for any other name. */
export const refusedOperator = (name: string): string | undefined => refusals.get(spelling(name));
