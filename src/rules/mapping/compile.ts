// A saved schema made ready to run: expressions parsed, patterns compiled, target types looked up. Once per cycle.
import { attributesOf } from '../expressions/references.ts';
import type {
  AttributeDefinition,
  ObjectMapping,
  SynchronizationRule,
  SynchronizationSchema,
} from '../model/schema.ts';
import { alwaysSelected, sourceAttribute } from '../model/source-attributes.ts';
import type { ObjectType } from '../model/source-object.ts';
import type { ResourceType } from '../model/target.ts';
import { filterSubject } from '../schema/filter-subjects.ts';
import { sourceFacts } from '../schema/source-facts.ts';
import { pathKey } from '../scim/path.ts';
import { compileFilter } from '../scoping/filter.ts';
import type { CompiledFilter, DescribeAttribute } from '../scoping/filter.ts';
import { compileMapping, expressionOf } from './compile-mapping.ts';
import type { CompiledMapping } from './compile-mapping.ts';

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
  /** Where the manager is written, usually one path. */
  readonly managerPaths: readonly string[];
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
  const targets = definitionsOf(schema, rule.targetDirectoryName, mapping.targetObjectName);
  const sources = definitionsOf(schema, rule.sourceDirectoryName, mapping.sourceObjectName);
  const flowsNull = (name: string): boolean => sources.get(pathKey(name))?.flowNullValues === true;
  const compiled = mapping.attributeMappings.map((one) =>
    compileMapping(one, targets.get(pathKey(one.targetAttributeName)), flowsNull),
  );
  const references = compiled.filter((one) => isReference(mapping.sourceObjectName, one));
  const mappings = compiled.filter((one) => !references.includes(one));
  const referencesOf = (name: string): readonly string[] =>
    references.filter(({ reads }) => reads.includes(name)).map(({ targetPath }) => targetPath);
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
    managerPaths: referencesOf('manager'),
    membersPath: referencesOf('members')[0] ?? null,
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

function definitionsOf(
  { directories }: SynchronizationSchema,
  directoryName: string,
  objectName: string,
): ReadonlyMap<string, AttributeDefinition> {
  const directory = directories.find(({ name }) => name === directoryName);
  const object = directory?.objects.find(({ name }) => name.toLowerCase() === objectName.toLowerCase());
  return new Map(object?.attributes.map((attribute) => [pathKey(attribute.name), attribute]));
}

const isReference = (type: ObjectType, { targetType, reads }: CompiledMapping): boolean =>
  targetType === 'Reference' || reads.some((name) => sourceAttribute(type, name)?.type === 'Reference');

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
