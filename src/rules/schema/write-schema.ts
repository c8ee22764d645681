// A schema in Graph's wire form: flags as one comma-separated text, an operand of null for unary operators, and the
// members that nobody here has a use for, as they came.
import type { JsonObject } from '../model/json.ts';
import type {
  AttributeDefinition,
  AttributeMapping,
  DirectoryDefinition,
  FilterClause,
  FilterGroup,
  KeyValue,
  MappingSource,
  ObjectDefinition,
  ObjectMapping,
  Preserving,
  ScopeFilter,
  SynchronizationRule,
  SynchronizationSchema,
} from '../model/schema.ts';

/** Members that Graph always shows and the engine does not use. */
export const ruleDefaults: JsonObject = { containerFilter: null, groupFilter: null };
export const attributeDefaults: JsonObject = { apiExpressions: [] };
export const referencedDefaults: JsonObject = { referencedProperty: null };

/** `readSchema` of the result gives the same schema back. */
export const writeSchema = (schema: SynchronizationSchema): JsonObject => ({
  id: schema.id,
  version: schema.version,
  synchronizationRules: schema.synchronizationRules.map(writeRule),
  directories: schema.directories.map(writeDirectory),
  ...schema.other,
});

type Members<T> = { readonly [K in keyof Omit<T, 'other'>]: T[K] };

/** The members of a record, preserved ones among them. */
const membersOf = <T extends Preserving>({ other, ...members }: T) => ({ ...other, ...(members as Members<T>) });

const writePair = (pair: KeyValue): JsonObject => membersOf(pair);

const writeRule = (rule: SynchronizationRule): JsonObject => ({
  ...ruleDefaults,
  ...membersOf(rule),
  objectMappings: rule.objectMappings.map(writeObjectMapping),
  metadata: rule.metadata.map(writePair),
});

const writeObjectMapping = (mapping: ObjectMapping): JsonObject => ({
  ...membersOf(mapping),
  flowTypes: mapping.flowTypes.length === 0 ? 'None' : mapping.flowTypes.join(','),
  attributeMappings: mapping.attributeMappings.map(writeAttributeMapping),
  scope: mapping.scope === null ? null : writeScope(mapping.scope),
  metadata: mapping.metadata.map(writePair),
});

const writeAttributeMapping = (mapping: AttributeMapping): JsonObject => ({
  ...membersOf(mapping),
  source: mapping.source === null ? null : writeMappingSource(mapping.source),
});

/** Graph's attributeMappingSource, as it also stands in the answer of parseExpression. */
export const writeMappingSource = (source: MappingSource): JsonObject => ({
  ...membersOf(source),
  parameters: source.parameters.map(({ key, value }) => ({ key, value: writeMappingSource(value) })),
});

const writeScope = (scope: ScopeFilter): JsonObject => ({
  ...membersOf(scope),
  groups: scope.groups.map(writeGroup),
  inputFilterGroups: scope.inputFilterGroups.map(writeGroup),
  categoryFilterGroups: scope.categoryFilterGroups.map(writeGroup),
});

const writeGroup = (group: FilterGroup): JsonObject => ({
  ...membersOf(group),
  clauses: group.clauses.map(writeClause),
});

const writeClause = (clause: FilterClause): JsonObject => ({
  ...membersOf(clause),
  targetOperand: clause.targetOperand.values.length === 0 ? null : { values: clause.targetOperand.values },
});

/** One of the two sides of a schema. */
export const writeDirectory = (directory: DirectoryDefinition): JsonObject => ({
  ...membersOf(directory),
  objects: directory.objects.map(writeObject),
});

const writeObject = (object: ObjectDefinition): JsonObject => ({
  ...membersOf(object),
  attributes: object.attributes.map(writeAttribute),
  metadata: object.metadata.map(writePair),
});

const writeAttribute = (attribute: AttributeDefinition): JsonObject => ({
  ...attributeDefaults,
  ...membersOf(attribute),
  referencedObjects: attribute.referencedObjects.map((one) => ({ ...referencedDefaults, ...membersOf(one) })),
  metadata: attribute.metadata.map(writePair),
});
