// What of a schema Entra would refuse: everything that goes beyond it, so that an export to Entra can be refused by name.
import { fromMappingSource } from '../expressions/mapping-source.ts';
import { attributesOf } from '../expressions/references.ts';
import type { AttributeMapping, ObjectMapping, SynchronizationRule, SynchronizationSchema } from '../model/schema.ts';
import { filterOperator, ownOperators } from './filter-operators.ts';
import { filterSubject } from './filter-subjects.ts';
import { sourceFacts } from './source-facts.ts';

export interface EntraFinding {
  /** JSON path. */
  readonly path: string;
  readonly message: string;
  readonly remedy: string;
}

/** One object mapping and where it stands. */
interface Place {
  readonly schema: SynchronizationSchema;
  readonly rule: SynchronizationRule;
  readonly mapping: ObjectMapping;
  readonly path: string;
}
type Check = (place: Place) => readonly EntraFinding[];

/** Everything beyond Entra that a saved schema holds; none for one that Entra takes as it is. */
export const entraFindings = (schema: SynchronizationSchema): readonly EntraFinding[] =>
  schema.synchronizationRules.flatMap((rule, r) =>
    rule.objectMappings.flatMap((mapping, m) => {
      const place = { schema, rule, mapping, path: `synchronizationRules[${String(r)}].objectMappings[${String(m)}]` };
      return checks.flatMap((check) => check(place));
    }),
  );

const filtersBeyondEntra: Check = ({ schema, rule, mapping, path }) => {
  const factsOf = sourceFacts(schema, rule, mapping.sourceObjectName);
  return (['groups', 'inputFilterGroups', 'categoryFilterGroups'] as const).flatMap((list) =>
    (mapping.scope?.[list] ?? []).flatMap(({ clauses }, g) =>
      clauses.flatMap(({ sourceOperandName: name, operatorName }, c) => {
        const at = `${path}.scope.${list}[${String(g)}].clauses[${String(c)}]`;
        const beyond = filterSubject(mapping.sourceObjectName, name, factsOf(name))?.beyondEntra ?? null;
        if (beyond !== null) return [clauseFinding(`${at}.sourceOperandName`, `${beyond}, here ${name}.`)];
        const operator = filterOperator(operatorName);
        if (operator !== undefined && ownOperators.has(operator.name))
          return [clauseFinding(`${at}.operatorName`, `Entra does not know the operator ${operator.name}.`)];
        return notInEntra.has(name) ? [attributeFinding(`${at}.sourceOperandName`, name)] : [];
      }),
    ),
  );
};

const clauseFinding = (path: string, message: string): EntraFinding => ({
  path,
  message,
  remedy:
    'Remove the clause, or have the directory keep what it tests in an extension attribute with one text, number or boolean.',
});

/** Attributes that Entra's mappings and filters do not offer. */
const notInEntra: ReadonlySet<string> = new Set(['userType']);

const sourcesBeyondEntra: Check = ({ mapping, path }) =>
  mapping.attributeMappings.flatMap((one, a) =>
    namesRead(one)
      .filter((name) => notInEntra.has(name))
      .map((name) => attributeFinding(`${path}.attributeMappings[${String(a)}].source`, name)),
  );

const attributeFinding = (path: string, name: string): EntraFinding => ({
  path,
  message: `Entra does not offer ${name} as a source attribute.`,
  remedy: 'Copy its value into an extension attribute of the directory and use that.',
});

function namesRead({ source }: AttributeMapping): readonly string[] {
  if (source === null) return [];
  const read = fromMappingSource(source);
  return read.ok ? attributesOf(read.expression) : [];
}

/** The portal and the API allow null to flow only into directories of people, never out to an application. */
const nullFlow: Check = ({ mapping, path }) =>
  mapping.attributeMappings.flatMap(({ flowNullValues, targetAttributeName }, a) =>
    flowNullValues === true
      ? [
          {
            path: `${path}.attributeMappings[${String(a)}].flowNullValues`,
            message: `Entra lets no null flow out to an application, here to ${targetAttributeName}.`,
            remedy: 'Set flowNullValues to false; a cleared attribute then keeps its last value in the application.',
          },
        ]
      : [],
  );

/** Add one for everything that another part of the schema can do beyond Entra. */
const checks: readonly Check[] = [filtersBeyondEntra, sourcesBeyondEntra, nullFlow];
