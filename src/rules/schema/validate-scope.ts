// Whether the scoping filters of one object mapping can be evaluated: operators known, attributes of the right type, values right.
import { wholeNumber } from '../expressions/coerce.ts';
import { nearest } from '../expressions/nearest.ts';
import { regexOf } from '../expressions/regex.ts';
import type { FilterClause } from '../model/schema.ts';
import type { FilterOperator } from './filter-operators.ts';
import { filterOperator, filterOperators } from './filter-operators.ts';
import type { MappingContext } from './mapping-context.ts';
import { reportAt } from './mapping-context.ts';

export function validateScope(context: MappingContext): void {
  const { scope } = context.mapping;
  if (scope === null) return;
  for (const list of ['groups', 'inputFilterGroups', 'categoryFilterGroups'] as const) {
    for (const [g, group] of scope[list].entries()) {
      for (const [c, clause] of group.clauses.entries()) {
        validateClause(context, `scope.${list}[${String(g)}].clauses[${String(c)}]`, clause);
      }
    }
  }
}

function validateClause(context: MappingContext, place: string, clause: FilterClause): void {
  const operator = clause.operatorName === '' ? undefined : filterOperator(clause.operatorName);
  if (operator !== undefined) validateOperand(context, place, clause, operator);
  else if (clause.operatorName !== '') {
    const near = nearest(
      clause.operatorName,
      filterOperators.map((o) => o.name),
    );
    const hint =
      near === undefined ? `use one of ${filterOperators.map((o) => o.name).join(', ')}` : `did you mean ${near}?`;
    reportAt(
      context,
      `${place}.operatorName`,
      `The filter operator ${clause.operatorName} is not supported: ${hint}`,
      'FilterInvalid',
    );
  }
  if (clause.sourceOperandName !== '') validateAttribute(context, place, clause.sourceOperandName, operator);
}

function validateAttribute(
  context: MappingContext,
  place: string,
  name: string,
  operator: FilterOperator | undefined,
): void {
  const at = `${place}.sourceOperandName`;
  const facts = context.source(name);
  if (facts === undefined) {
    const { message, remedy } = context.unknownSource(name);
    reportAt(context, at, message, { code: 'FilterInvalid', remedy });
  } else if (facts.multivalued || facts.type === 'Reference' || facts.type === 'DateTime') {
    const kind = facts.multivalued ? 'has several values' : `is of type ${facts.type}`;
    reportAt(
      context,
      at,
      `${name} ${kind} and cannot be filtered by: choose an attribute with one text, number or boolean.`,
      'FilterInvalid',
    );
  } else if (operator !== undefined && !operator.types.includes(facts.type)) {
    const hint = facts.type === 'Boolean' ? 'use IS TRUE or IS FALSE' : 'choose another operator';
    reportAt(
      context,
      at,
      `${operator.name} does not apply to ${name}, which is of type ${facts.type}: ${hint}.`,
      'FilterInvalid',
    );
  }
}

function validateOperand(context: MappingContext, place: string, clause: FilterClause, operator: FilterOperator): void {
  const at = `${place}.targetOperand`;
  const { values } = clause.targetOperand;
  if (operator.arity === 'Unary') {
    if (values.some((value) => value !== ''))
      reportAt(context, at, `${operator.name} takes no value: set targetOperand to null.`, 'FilterInvalid');
    return;
  }
  if (values.length === 0)
    reportAt(
      context,
      at,
      `${operator.name} needs a value to compare with: give targetOperand.values.`,
      'FilterInvalid',
    );
  for (const value of values) {
    const problem = valueProblem(operator, value);
    if (problem !== null) reportAt(context, at, problem, 'FilterInvalid');
  }
}

function valueProblem({ name, value: kind }: FilterOperator, value: string): string | null {
  if (value === '') return `${name} is given an empty value: use IS NULL to test for one.`;
  if (kind === 'pattern') {
    const regex = regexOf(value);
    return regex.ok ? null : regex.message;
  }
  const number = kind === 'natural' || kind === 'bits' ? wholeNumber(value) : 0n;
  return number === null || number < 0n ? `${name} needs a whole number from 0, but the value is "${value}".` : null;
}
