// The operators of scoping filters as data: names as the API stores them, names as the portal shows them, arity, types.
import type { AttributeType } from '../model/schema.ts';

const operators = [
  { name: 'EQUALS', portal: 'EQUALS', arity: 'Binary', types: ['Integer', 'String'], value: 'text' },
  { name: 'NOT EQUALS', portal: 'NOT EQUALS', arity: 'Binary', types: ['Integer', 'String'], value: 'text' },
  { name: 'IS TRUE', portal: 'IS TRUE', arity: 'Unary', types: ['Boolean'], value: 'none' },
  { name: 'IS FALSE', portal: 'IS FALSE', arity: 'Unary', types: ['Boolean'], value: 'none' },
  {
    name: 'IS NULL',
    portal: 'IS NULL',
    arity: 'Unary',
    types: ['Integer', 'String', 'Binary', 'Boolean'],
    value: 'none',
  },
  {
    name: 'IS NOT NULL',
    portal: 'IS NOT NULL',
    arity: 'Unary',
    types: ['Integer', 'String', 'Binary', 'Boolean'],
    value: 'none',
  },
  { name: 'REGEX MATCH', portal: 'REGEX MATCH', arity: 'Binary', types: ['Integer', 'String'], value: 'pattern' },
  {
    name: 'NOT REGEX MATCH',
    portal: 'NOT REGEX MATCH',
    arity: 'Binary',
    types: ['Integer', 'String'],
    value: 'pattern',
  },
  { name: 'GREATER_THAN', portal: 'Greater_Than', arity: 'Binary', types: ['Integer', 'String'], value: 'integer' },
  {
    name: 'GREATER_THAN_OR_EQUALS',
    portal: 'Greater_Than_OR_EQUALS',
    arity: 'Binary',
    types: ['Integer', 'String'],
    value: 'integer',
  },
  { name: 'INCLUDES', portal: 'Includes', arity: 'Binary', types: ['String'], value: 'text' },
  { name: 'ENDS_WITH', portal: 'ENDS_WITH', arity: 'Binary', types: ['String'], value: 'text' },
  { name: '&', portal: '&', arity: 'Binary', types: ['Integer', 'String'], value: 'integer' },
  { name: '!&', portal: '!&', arity: 'Binary', types: ['Integer', 'String'], value: 'integer' },
] as const;

/** Canonical name, as stored and as the API answers it. */
export type FilterOperatorName = (typeof operators)[number]['name'];

export interface FilterOperator {
  readonly name: FilterOperatorName;
  /** As the Entra portal shows it. */
  readonly portal: string;
  readonly arity: 'Unary' | 'Binary';
  /** Types of source attributes that it applies to. Numbers are often held in text attributes, so integers allow String. */
  readonly types: readonly AttributeType[];
  /** What the operand must be: an integer is a whole number ≥ 0, a pattern is a regular expression. */
  readonly value: 'none' | 'text' | 'integer' | 'pattern';
}

export const filterOperators: readonly FilterOperator[] = operators;

const spelling = (name: string): string =>
  name
    .trim()
    .toUpperCase()
    .replaceAll(/[\s_]+/g, ' ');
const bySpelling: ReadonlyMap<string, FilterOperator> = new Map(filterOperators.map((o) => [spelling(o.name), o]));

/** Finds an operator by its API or portal name; case does not matter, and blank and underscore are alike. */
export const filterOperator = (name: string): FilterOperator | undefined => bySpelling.get(spelling(name));
