// Whether the scoping filters of one object mapping can be evaluated: operators known, attributes of the right type, values right.
import { nearest } from '../expressions/nearest.ts';
import type { FilterClause } from '../model/schema.ts';
import { operandProblem } from './filter-operands.ts';
import { filterOperator, filterOperators, refusedOperator } from './filter-operators.ts';
import type { FilterOperator } from './filter-operators.ts';
import { filterOnlyNames, filterSubject } from './filter-subjects.ts';
import type { FilterSubject } from './filter-subjects.ts';
import type { MappingContext } from './mapping-context.ts';
import { reportAt } from './mapping-context.ts';
import type { AttributeFacts } from './source-facts.ts';

export function validateScope(context: MappingContext): void {
  const { scope } = context.mapping;
  if (scope === null) return;
  for (const list of ['groups', 'inputFilterGroups', 'categoryFilterGroups'] as const) {
    for (const [g, group] of scope[list].entries()) {
      const place = `scope.${list}[${String(g)}]`;
      if (group.clauses.length === 0) reportEmptyGroup(context, `${place}.clauses`, group.name);
      for (const [c, clause] of group.clauses.entries())
        validateClause(context, `${place}.clauses[${String(c)}]`, clause);
    }
  }
}

const reportEmptyGroup = (context: MappingContext, place: string, name: string | null): void =>
  reportFilter(
    context,
    place,
    `The filter group ${name ?? ''} has no clauses, so that it would let every object in.`.replace('  ', ' '),
    'Add a clause, or remove the group: a scope without groups lets every object in.',
  );

const reportFilter = (context: MappingContext, place: string, message: string, remedy: string): void =>
  reportAt(context, place, message, { code: 'FilterInvalid', remedy });

/** A name that is missing was reported when the document was read. */
function validateClause(context: MappingContext, place: string, clause: FilterClause): void {
  const { operatorName, sourceOperandName: name } = clause;
  const operator = filterOperator(operatorName);
  if (operator === undefined && operatorName !== '') reportOperator(context, `${place}.operatorName`, operatorName);
  const facts = context.source(name);
  const subject = filterSubject(context.mapping.sourceObjectName, name, facts);
  const at = `${place}.sourceOperandName`;
  if (subject == null) {
    if (name !== '') reportAttribute(context, at, name, subject);
  } else if (operator !== undefined) validateCombination(context, at, name, { operator, subject, facts });
  if (operator !== undefined) validateOperand(context, `${place}.targetOperand`, clause, { operator, subject, facts });
}

interface Parts {
  readonly operator: FilterOperator;
  readonly subject: FilterSubject | null | undefined;
  readonly facts: AttributeFacts | undefined;
}

function reportOperator(context: MappingContext, at: string, name: string): void {
  const names = filterOperators.map((operator) => operator.name);
  const near = nearest(name, names);
  const refusal = refusedOperator(name);
  const remedy = refusal ?? (near === undefined ? `Use one of ${names.join(', ')}.` : `Did you mean ${near}?`);
  reportFilter(context, at, `The filter operator ${name} is not supported.`, remedy);
}

function reportAttribute(context: MappingContext, at: string, name: string, subject: null | undefined): void {
  const { sourceObjectName: type } = context.mapping;
  if (subject === null) {
    const remedy = 'Choose an attribute with a value of its own; filter users by their groups with memberOf.';
    return reportFilter(context, at, `${name} refers to other objects and cannot be filtered by.`, remedy);
  }
  const { message, remedy } = context.unknownSource(name);
  const near = nearest(name, filterOnlyNames(type));
  reportFilter(context, at, message, near === undefined ? remedy : `Did you mean ${near}?`);
}

/** Does the operator apply to what the clause is about? */
function validateCombination(
  context: MappingContext,
  at: string,
  name: string,
  { operator, subject, facts }: Parts & { readonly subject: FilterSubject },
): void {
  if (subject.operators !== null) {
    if (subject.operators.includes(operator.name)) return;
    reportFilter(context, at, `${operator.name} does not apply to ${name}.`, `Use ${subject.operators.join(', ')}.`);
  } else if (facts !== undefined && !operator.types.includes(facts.type)) {
    const remedy = facts.type === 'Boolean' ? 'Use IS TRUE or IS FALSE.' : `Use ${operatorsFor(facts).join(', ')}.`;
    reportFilter(context, at, `${operator.name} does not apply to ${name}, which is of type ${facts.type}.`, remedy);
  }
}

const operatorsFor = ({ type }: AttributeFacts): readonly string[] =>
  filterOperators.filter(({ types }) => types.includes(type)).map(({ name }) => name);

function validateOperand(context: MappingContext, at: string, { targetOperand }: FilterClause, parts: Parts): void {
  const { name, arity } = parts.operator;
  const { values } = targetOperand;
  if (arity === 'Unary') {
    if (values.some((value) => value !== ''))
      reportFilter(context, at, `${name} takes no value.`, 'Set targetOperand to null.');
    return;
  }
  if (values.length === 0)
    reportFilter(context, at, `${name} needs a value to compare with.`, 'Give targetOperand.values.');
  for (const value of values) {
    const problem = operandProblem(value, parts.operator, parts.subject ?? null, parts.facts);
    if (problem !== null) reportFilter(context, at, problem.message, problem.remedy);
  }
}
