// A saved schema made ready to run: expressions parsed, patterns compiled, target types looked up. Once per cycle.
import type { Expression } from '../expressions/ast.ts';
import type { CompiledExpression } from '../expressions/evaluate.ts';
import { compileExpression } from '../expressions/evaluate.ts';
import { fromMappingSource } from '../expressions/mapping-source.ts';
import { attributesOf } from '../expressions/references.ts';
import type {
  AttributeDefinition,
  AttributeFlowBehavior,
  AttributeFlowType,
  AttributeMapping,
  AttributeType,
  ObjectMapping,
  SynchronizationRule,
  SynchronizationSchema,
} from '../model/schema.ts';
import { alwaysSelected, sourceAttribute } from '../model/source-attributes.ts';
import type { ObjectType } from '../model/source-object.ts';
import type { ResourceType } from '../model/target.ts';
import { pathOf } from '../scim/path.ts';
import { filterSubject } from '../schema/filter-subjects.ts';
import { sourceFacts } from '../schema/source-facts.ts';
import { compileFilter } from '../scoping/filter.ts';
import type { CompiledFilter, DescribeAttribute } from '../scoping/filter.ts';

/** The target name under which a mapping decides about the object as a whole (IgnoreObjectFlow); nothing is written to it. */
export const OBJECT_FILTER = 'objectFilter';

export interface CompiledMapping {
  readonly targetPath: string;
  /** `null` is the mapping type *None*: only the default value is ever written. */
  readonly expression: Expression | null;
  /** The expression, made ready for any number of objects. */
  readonly evaluate: CompiledExpression | null;
  readonly defaultValue: string | null;
  readonly flowType: AttributeFlowType;
  readonly flowBehavior: AttributeFlowBehavior;
  /** 0 = not a matching attribute. */
  readonly matchingPriority: number;
  /** `false`: a change of case alone is no change. */
  readonly caseExact: boolean;
  /** The value follows the object's being in scope: these mappings disable and restore an account. */
  readonly usesSoftDeleted: boolean;
  readonly targetType: AttributeType;
  readonly multivalued: boolean;
  /** The target takes no new object without it. */
  readonly required: boolean;
}

export interface ObjectRule {
  readonly ruleId: string;
  /** Name of the object mapping. */
  readonly name: string;
  readonly type: ObjectType;
  readonly resourceType: ResourceType;
  readonly targetObjectName: string;
  readonly enabled: boolean;
  readonly actions: { readonly create: boolean; readonly update: boolean; readonly delete: boolean };
  readonly scope: CompiledFilter | null;
  /** All but references, in the order of the schema. */
  readonly mappings: readonly CompiledMapping[];
  /** Lowest priority first. */
  readonly matching: readonly CompiledMapping[];
  /** Mappings of manager and members, written after both ends exist. */
  readonly references: readonly CompiledMapping[];
  readonly managerPath: string | null;
  readonly membersPath: string | null;
}

export interface CompiledSchema {
  /** In order of rule priority, users before groups. */
  readonly rules: readonly ObjectRule[];
  readonly targetDirectoryName: string;
}

type Names = ReadonlyMap<string, string>;

/** Schemas are checked when they are saved: one that does not compile is a bug. `groupNames`, by id, are for the log. */
export function compileSchema(schema: SynchronizationSchema, groupNames: Names = new Map()): CompiledSchema {
  const ordered = schema.synchronizationRules.toSorted((a, b) => a.priority - b.priority);
  const rules = ordered.flatMap((rule) =>
    rule.objectMappings.map((mapping) => compileObjectMapping(schema, rule, mapping, groupNames)),
  );
  return {
    rules: [...rules.filter(({ type }) => type === 'User'), ...rules.filter(({ type }) => type === 'Group')],
    targetDirectoryName: ordered[0]?.targetDirectoryName ?? '',
  };
}

/** The rule that decides about objects of a type: an enabled one before a disabled one. */
export const ruleFor = ({ rules }: CompiledSchema, type: ObjectType): ObjectRule | null =>
  rules.find((rule) => rule.type === type && rule.enabled) ?? rules.find((rule) => rule.type === type) ?? null;

function compileObjectMapping(
  schema: SynchronizationSchema,
  rule: SynchronizationRule,
  mapping: ObjectMapping,
  groupNames: Names,
): ObjectRule {
  const definitions = targetDefinitions(schema, rule, mapping);
  const compiled = mapping.attributeMappings.map((one) =>
    compileMapping(one, definitions.get(one.targetAttributeName.toLowerCase())),
  );
  const references = compiled.filter((one) => isReference(mapping.sourceObjectName, one));
  const mappings = compiled.filter((one) => !references.includes(one));
  const referenceOf = (name: string): string | null =>
    references.find(({ expression }) => expression !== null && attributesOf(expression).includes(name))?.targetPath ??
    null;
  return {
    ruleId: rule.id,
    name: mapping.name,
    type: mapping.sourceObjectName,
    resourceType: resourceTypeOf(mapping),
    targetObjectName: mapping.targetObjectName,
    enabled: mapping.enabled,
    actions: {
      create: mapping.flowTypes.includes('Add'),
      update: mapping.flowTypes.includes('Update'),
      delete: mapping.flowTypes.includes('Delete'),
    },
    scope: mapping.scope === null ? null : compileFilter(mapping.scope, describedBy(schema, rule, mapping, groupNames)),
    mappings,
    matching: mappings
      .filter((one) => one.matchingPriority > 0)
      .toSorted((a, b) => a.matchingPriority - b.matchingPriority),
    references,
    managerPath: referenceOf('manager'),
    membersPath: referenceOf('members'),
  };
}

function describedBy(
  schema: SynchronizationSchema,
  rule: SynchronizationRule,
  { sourceObjectName: type }: ObjectMapping,
  groupNames: Names,
): DescribeAttribute {
  const factsOf = sourceFacts(schema, rule, type);
  return (name) => {
    const facts = factsOf(name);
    const subject = filterSubject(type, name, facts);
    const names = subject?.kind === 'groups' ? { names: groupNames } : {};
    return subject == null ? undefined : { subject, type: facts?.type ?? 'String', ...names };
  };
}

function targetDefinitions(
  { directories }: SynchronizationSchema,
  { targetDirectoryName }: SynchronizationRule,
  { targetObjectName }: ObjectMapping,
): ReadonlyMap<string, AttributeDefinition> {
  const directory = directories.find(({ name }) => name === targetDirectoryName);
  const object = directory?.objects.find(({ name }) => name === targetObjectName);
  return new Map(object?.attributes.map((attribute) => [attribute.name.toLowerCase(), attribute]));
}

function compileMapping(mapping: AttributeMapping, definition: AttributeDefinition | undefined): CompiledMapping {
  const expression = expressionOf(mapping);
  pathOf(mapping.targetAttributeName);
  return {
    targetPath: mapping.targetAttributeName,
    expression,
    evaluate: expression === null ? null : compileExpression(expression),
    defaultValue: mapping.defaultValue ?? (definition?.required === true ? definition.defaultValue : null),
    flowType: mapping.flowType,
    flowBehavior: mapping.flowBehavior,
    matchingPriority: mapping.matchingPriority,
    caseExact: definition?.caseExact ?? true,
    usesSoftDeleted: expression !== null && attributesOf(expression).includes('IsSoftDeleted'),
    targetType: definition?.type ?? 'String',
    multivalued: definition?.multivalued ?? false,
    required: definition?.required ?? false,
  };
}

function expressionOf({ source, targetAttributeName }: AttributeMapping): Expression | null {
  if (source === null) return null;
  const read = fromMappingSource(source);
  if (read.ok) return read.expression;
  throw new Error(`the mapping of ${targetAttributeName} does not parse, and was saved: ${read.message}`);
}

const isReference = (type: ObjectType, { targetType, expression }: CompiledMapping): boolean =>
  targetType === 'Reference' ||
  (expression !== null && attributesOf(expression).some((name) => sourceAttribute(type, name)?.type === 'Reference'));

const resourceTypeOf = ({ targetObjectName, sourceObjectName }: ObjectMapping): ResourceType => {
  const [, last = ''] = /:(User|Group)$/i.exec(targetObjectName) ?? [];
  if (last === '') return sourceObjectName;
  return last.toLowerCase() === 'group' ? 'Group' : 'User';
};

/** Graph properties that these schemas read, sorted, by type of object. Disabled mappings count: enabling one asks for nothing new. */
export function selectedProperties(
  schemas: readonly SynchronizationSchema[],
): Readonly<Record<ObjectType, readonly string[]>> {
  const mappings = schemas.flatMap((schema) => schema.synchronizationRules.flatMap((rule) => rule.objectMappings));
  const ofType = (type: ObjectType): readonly string[] => {
    const names = mappings.filter((mapping) => mapping.sourceObjectName === type).flatMap(attributesRead);
    const properties = names.flatMap((name) => sourceAttribute(type, name)?.property ?? []);
    return [...new Set([...alwaysSelected[type], ...properties])].toSorted();
  };
  return { User: ofType('User'), Group: ofType('Group') };
}

function attributesRead({ attributeMappings, scope }: ObjectMapping): readonly string[] {
  const expressions = attributeMappings.flatMap((mapping) => expressionOf(mapping) ?? []);
  const groups = scope === null ? [] : [scope.groups, scope.inputFilterGroups, scope.categoryFilterGroups].flat();
  const operands = groups.flatMap(({ clauses }) => clauses.map((clause) => clause.sourceOperandName));
  return [...expressions.flatMap(attributesOf), ...operands];
}
