// The synchronization rules of a schema document: object mappings, attribute mappings, scoping filters.
import { fromMappingSource, toMappingSource } from '../expressions/mapping-source.ts';
import type {
  AttributeMapping,
  FilterClause,
  FilterGroup,
  MappingSource,
  ObjectMapping,
  ScopeFilter,
  SynchronizationRule,
} from '../model/schema.ts';
import { attributeFlowBehaviors, attributeFlowTypes, mappingSourceTypes, objectFlowTypes } from '../model/schema.ts';
import { objectTypes } from '../model/source-object.ts';
import type { Reader } from './decode.ts';
import {
  boolean,
  flags,
  has,
  keyValues,
  natural,
  objects,
  oneOf,
  optionalObject,
  optionalText,
  preserving,
  report,
  requiredText,
  textList,
} from './decode.ts';
import { filterOperator } from './filter-operators.ts';
import { ruleDefaults } from './write-schema.ts';

export const decodeRule = (reader: Reader): SynchronizationRule =>
  preserving(
    reader,
    {
      id: requiredText(reader, 'id'),
      name: optionalText(reader, 'name') ?? '',
      editable: boolean(reader, 'editable', true),
      priority: natural(reader, 'priority', 1),
      sourceDirectoryName: requiredText(reader, 'sourceDirectoryName'),
      targetDirectoryName: requiredText(reader, 'targetDirectoryName'),
      objectMappings: objects(reader, 'objectMappings', decodeObjectMapping),
      metadata: keyValues(reader, 'metadata'),
    },
    ruleDefaults,
  );

function decodeObjectMapping(reader: Reader): ObjectMapping {
  const source = requiredText(reader, 'sourceObjectName');
  const scope = optionalObject(reader, 'scope');
  return preserving(reader, {
    name: optionalText(reader, 'name') ?? source,
    enabled: boolean(reader, 'enabled', true),
    flowTypes: flags(reader, 'flowTypes', objectFlowTypes, objectFlowTypes),
    sourceObjectName: source === '' ? 'User' : oneOf(reader, 'sourceObjectName', objectTypes, 'User'),
    targetObjectName: requiredText(reader, 'targetObjectName'),
    attributeMappings: objects(reader, 'attributeMappings', decodeAttributeMapping),
    scope: scope === null ? null : decodeScope(scope),
    metadata: keyValues(reader, 'metadata'),
  });
}

function decodeAttributeMapping(reader: Reader): AttributeMapping {
  const source = optionalObject(reader, 'source');
  return preserving(reader, {
    targetAttributeName: requiredText(reader, 'targetAttributeName').trim(),
    source: source === null ? null : canonicalSource(source),
    defaultValue: optionalText(reader, 'defaultValue'),
    exportMissingReferences: boolean(reader, 'exportMissingReferences', false),
    flowBehavior: oneOf(reader, 'flowBehavior', attributeFlowBehaviors, 'FlowWhenChanged'),
    flowType: oneOf(reader, 'flowType', attributeFlowTypes, 'Always'),
    matchingPriority: natural(reader, 'matchingPriority', 0),
    ...(has(reader, 'flowNullValues') ? { flowNullValues: boolean(reader, 'flowNullValues', false) } : {}),
  });
}

// Clients may leave out the text, the parameters, or spell the text differently: stored is the canonical form.
function canonicalSource(reader: Reader): MappingSource | null {
  const before = reader.findings.length;
  const source = decodeSource(reader, 0);
  if (reader.findings.length > before) return null;
  const parsed = fromMappingSource(source);
  if (parsed.ok) return preserving(reader, toMappingSource(parsed.expression));
  const at = source.expression === null ? null : parsed.at + 1;
  report(reader, at === null ? 'name' : 'expression', parsed.message, {
    code: 'ExpressionInvalid',
    at,
    remedy:
      at === null
        ? 'Send the expression as text, or correct its parts.'
        : `Correct the expression at character ${String(at)}.`,
  });
  return null;
}

const MAX_DEPTH = 200;
function decodeSource(reader: Reader, depth: number): MappingSource {
  const expression = optionalText(reader, 'expression');
  if (!has(reader, 'type'))
    report(reader, 'type', 'The type of a source is missing.', {
      remedy: `Use one of ${mappingSourceTypes.join(', ')}.`,
    });
  if (depth > MAX_DEPTH)
    report(reader, 'parameters', `More than ${String(MAX_DEPTH)} sources are nested in each other.`, {
      code: 'ExpressionInvalid',
      remedy: 'Split the expression.',
    });
  const nested = depth <= MAX_DEPTH && (expression ?? '').trim() === '';
  return {
    type: oneOf(reader, 'type', mappingSourceTypes, 'Attribute'),
    name: optionalText(reader, 'name'),
    expression,
    parameters: nested ? objects(reader, 'parameters', (parameter) => decodeParameter(parameter, depth + 1)) : [],
  };
}

function decodeParameter(reader: Reader, depth: number): MappingSource['parameters'][number] {
  const key = requiredText(reader, 'key');
  const value = optionalObject(reader, 'value');
  if (value === null)
    report(reader, 'value', `The parameter ${key} has no value.`, {
      remedy: 'Leave an omitted argument out of the list.',
    });
  return {
    key,
    value:
      value === null ? { type: 'Constant', name: '', expression: null, parameters: [] } : decodeSource(value, depth),
  };
}

const decodeScope = (reader: Reader): ScopeFilter =>
  preserving(reader, {
    groups: objects(reader, 'groups', decodeFilterGroup),
    inputFilterGroups: objects(reader, 'inputFilterGroups', decodeFilterGroup),
    categoryFilterGroups: objects(reader, 'categoryFilterGroups', decodeFilterGroup),
  });

const decodeFilterGroup = (reader: Reader): FilterGroup =>
  preserving(reader, {
    name: optionalText(reader, 'name'),
    clauses: objects(reader, 'clauses', decodeClause),
  });

function decodeClause(reader: Reader): FilterClause {
  const operatorName = requiredText(reader, 'operatorName');
  const operand = optionalObject(reader, 'targetOperand');
  return preserving(reader, {
    operatorName: filterOperator(operatorName)?.name ?? operatorName,
    sourceOperandName: requiredText(reader, 'sourceOperandName'),
    targetOperand: { values: operand === null ? [] : textList(operand, 'values') },
  });
}
