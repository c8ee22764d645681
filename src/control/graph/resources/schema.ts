// Graph's synchronizationSchema as answers carry it. Its objects are open: members that the engine has no use for are kept.
import { z } from 'zod';
import {
  attributeFlowBehaviors,
  attributeFlowTypes,
  attributeTypes,
  mappingSourceTypes,
  mutabilities,
} from '../../../rules/model/schema.ts';

const pair = z.looseObject({ key: z.string(), value: z.string().nullable() });

/** The tree form of an expression. */
export const attributeMappingSource = z
  .looseObject({
    type: z.enum(mappingSourceTypes),
    name: z.string().nullable(),
    expression: z.string().nullable(),
    get parameters() {
      return z.array(z.looseObject({ key: z.string(), value: attributeMappingSource }));
    },
  })
  .meta({ id: 'attributeMappingSource' });

const attributeMapping = z
  .looseObject({
    targetAttributeName: z.string(),
    source: attributeMappingSource.nullable(),
    defaultValue: z.string().nullable(),
    exportMissingReferences: z.boolean(),
    flowBehavior: z.enum(attributeFlowBehaviors),
    flowType: z.enum(attributeFlowTypes),
    matchingPriority: z.int(),
  })
  .meta({ id: 'attributeMapping' });

const filterClause = z.looseObject({
  operatorName: z.string(),
  sourceOperandName: z.string(),
  targetOperand: z.looseObject({ values: z.array(z.string()) }).nullable(),
});
const filterGroup = z.looseObject({ name: z.string().nullable(), clauses: z.array(filterClause) });
const scope = z
  .looseObject({
    groups: z.array(filterGroup),
    inputFilterGroups: z.array(filterGroup),
    categoryFilterGroups: z.array(filterGroup),
  })
  .meta({ id: 'filter' });

const objectMapping = z
  .looseObject({
    name: z.string(),
    enabled: z.boolean(),
    flowTypes: z.string().describe('Add, Update and Delete in one comma-separated text, or None.'),
    sourceObjectName: z.string(),
    targetObjectName: z.string(),
    attributeMappings: z.array(attributeMapping),
    scope: scope.nullable(),
    metadata: z.array(pair),
  })
  .meta({ id: 'objectMapping' });

const synchronizationRule = z
  .looseObject({
    id: z.string(),
    name: z.string(),
    editable: z.boolean(),
    priority: z.int(),
    sourceDirectoryName: z.string(),
    targetDirectoryName: z.string(),
    objectMappings: z.array(objectMapping),
    metadata: z.array(pair),
    containerFilter: z.looseObject({}).nullable(),
    groupFilter: z.looseObject({}).nullable(),
  })
  .meta({ id: 'synchronizationRule' });

const attributeDefinition = z
  .looseObject({
    name: z.string(),
    type: z.enum(attributeTypes),
    anchor: z.boolean(),
    caseExact: z.boolean(),
    multivalued: z.boolean(),
    required: z.boolean(),
    flowNullValues: z.boolean(),
    mutability: z.enum(mutabilities),
    defaultValue: z.string().nullable(),
    referencedObjects: z.array(
      z.looseObject({ referencedObjectName: z.string(), referencedProperty: z.string().nullable() }),
    ),
    metadata: z.array(pair),
    apiExpressions: z.array(pair),
  })
  .meta({ id: 'attributeDefinition' });

const objectDefinition = z
  .looseObject({
    name: z.string(),
    attributes: z.array(attributeDefinition),
    metadata: z.array(pair),
    supportedApis: z.array(z.string()),
  })
  .meta({ id: 'objectDefinition' });

export const directoryDefinition = z
  .looseObject({
    id: z.string(),
    name: z.string(),
    objects: z.array(objectDefinition),
    discoverabilities: z.string().describe('Flags in one comma-separated text, or None.'),
    discoveryDateTime: z.string().nullable(),
    readOnly: z.boolean(),
    version: z.string().nullable(),
  })
  .meta({ id: 'directoryDefinition' });

export const synchronizationSchema = z
  .looseObject({
    id: z.string(),
    version: z.string(),
    synchronizationRules: z.array(synchronizationRule),
    directories: z.array(directoryDefinition),
  })
  .meta({ id: 'synchronizationSchema' });
