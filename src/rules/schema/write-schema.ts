// A schema in Graph's wire form: flags as one comma-separated text, an operand of null for unary operators.
import type { JsonObject } from '../model/json.ts';
import type {
  AttributeDefinition,
  AttributeMapping,
  DirectoryDefinition,
  FilterClause,
  FilterGroup,
  MappingSource,
  ObjectMapping,
  ScopeFilter,
  SynchronizationRule,
  SynchronizationSchema,
} from '../model/schema.ts';

/** `readSchema` of the result gives the same schema back. */
export const writeSchema = (schema: SynchronizationSchema): JsonObject => ({
  id: schema.id,
  version: schema.version,
  synchronizationRules: schema.synchronizationRules.map(writeRule),
  directories: schema.directories.map(writeDirectory),
});

const copyOf = <T extends object>(record: T): { readonly [K in keyof T]: T[K] } => ({ ...record });

const writeRule = (rule: SynchronizationRule): JsonObject => ({
  ...rule,
  objectMappings: rule.objectMappings.map(writeObjectMapping),
  metadata: rule.metadata.map(copyOf),
});

const writeObjectMapping = (mapping: ObjectMapping): JsonObject => ({
  ...mapping,
  flowTypes: mapping.flowTypes.length === 0 ? 'None' : mapping.flowTypes.join(','),
  attributeMappings: mapping.attributeMappings.map(writeAttributeMapping),
  scope: mapping.scope === null ? null : writeScope(mapping.scope),
  metadata: mapping.metadata.map(copyOf),
});

const writeAttributeMapping = (mapping: AttributeMapping): JsonObject => ({
  ...mapping,
  source: mapping.source === null ? null : writeMappingSource(mapping.source),
});

/** Graph's attributeMappingSource, as it also stands in the answer of parseExpression. */
export const writeMappingSource = (source: MappingSource): JsonObject => ({
  ...source,
  parameters: source.parameters.map(({ key, value }) => ({ key, value: writeMappingSource(value) })),
});

const writeScope = (scope: ScopeFilter): JsonObject => ({
  groups: scope.groups.map(writeGroup),
  inputFilterGroups: scope.inputFilterGroups.map(writeGroup),
  categoryFilterGroups: scope.categoryFilterGroups.map(writeGroup),
});

const writeGroup = ({ name, clauses }: FilterGroup): JsonObject => ({ name, clauses: clauses.map(writeClause) });

const writeClause = ({ operatorName, sourceOperandName, targetOperand }: FilterClause): JsonObject => ({
  operatorName,
  sourceOperandName,
  targetOperand: targetOperand.values.length === 0 ? null : { values: targetOperand.values },
});

/** One of the two sides of a schema. */
export const writeDirectory = (directory: DirectoryDefinition): JsonObject => ({
  ...directory,
  objects: directory.objects.map((object) => ({
    ...object,
    attributes: object.attributes.map(writeAttribute),
    metadata: object.metadata.map(copyOf),
  })),
});

const writeAttribute = (attribute: AttributeDefinition): JsonObject => ({
  ...attribute,
  referencedObjects: attribute.referencedObjects.map(copyOf),
  metadata: attribute.metadata.map(copyOf),
});
