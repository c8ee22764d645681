// Graph's synchronizationSchema, property for property, after defaults were filled in.
// Enum members keep Graph's casing; flags are arrays here and a comma-separated string on the wire.
import type { ObjectType } from './source-object.ts';

export const attributeTypes = ['String', 'Integer', 'Reference', 'Binary', 'Boolean', 'DateTime'] as const;
export type AttributeType = (typeof attributeTypes)[number];
export const mutabilities = ['ReadWrite', 'ReadOnly', 'Immutable', 'WriteOnly'] as const;
export type Mutability = (typeof mutabilities)[number];
export const attributeFlowTypes = [
  'Always',
  'ObjectAddOnly',
  'MultiValueAddOnly',
  'ValueAddOnly',
  'AttributeAddOnly',
] as const;
export type AttributeFlowType = (typeof attributeFlowTypes)[number];
export const attributeFlowBehaviors = ['FlowWhenChanged', 'FlowAlways'] as const;
export type AttributeFlowBehavior = (typeof attributeFlowBehaviors)[number];
export const objectFlowTypes = ['Add', 'Update', 'Delete'] as const;
export type ObjectFlowType = (typeof objectFlowTypes)[number];
export const mappingSourceTypes = ['Attribute', 'Constant', 'Function'] as const;
export type MappingSourceType = (typeof mappingSourceTypes)[number];

export interface KeyValue {
  readonly key: string;
  readonly value: string | null;
}

/** Graph's `attributeMappingSource`: the stored tree of an expression. */
export interface MappingSource {
  readonly type: MappingSourceType;
  readonly name: string | null;
  readonly expression: string | null;
  readonly parameters: readonly { readonly key: string; readonly value: MappingSource }[];
}

export interface AttributeMapping {
  readonly targetAttributeName: string;
  /** `null` is the portal's mapping type *None*: only the default value is ever written. */
  readonly source: MappingSource | null;
  readonly defaultValue: string | null;
  readonly exportMissingReferences: boolean;
  readonly flowBehavior: AttributeFlowBehavior;
  readonly flowType: AttributeFlowType;
  /** 0 = not a matching attribute; otherwise lowest first. */
  readonly matchingPriority: number;
}

export interface FilterClause {
  readonly operatorName: string;
  readonly sourceOperandName: string;
  readonly targetOperand: { readonly values: readonly string[] };
}
export interface FilterGroup {
  readonly name: string | null;
  readonly clauses: readonly FilterClause[];
}
/** OR over `groups`, AND over clauses. An object that leaves `inputFilterGroups` is ignored, never deprovisioned. */
export interface ScopeFilter {
  readonly groups: readonly FilterGroup[];
  readonly inputFilterGroups: readonly FilterGroup[];
  readonly categoryFilterGroups: readonly FilterGroup[];
}

export interface ObjectMapping {
  readonly name: string;
  readonly enabled: boolean;
  readonly flowTypes: readonly ObjectFlowType[];
  readonly sourceObjectName: ObjectType;
  readonly targetObjectName: string;
  readonly attributeMappings: readonly AttributeMapping[];
  readonly scope: ScopeFilter | null;
  readonly metadata: readonly KeyValue[];
}

export interface SynchronizationRule {
  readonly id: string;
  readonly name: string;
  readonly editable: boolean;
  readonly priority: number;
  readonly sourceDirectoryName: string;
  readonly targetDirectoryName: string;
  readonly objectMappings: readonly ObjectMapping[];
  readonly metadata: readonly KeyValue[];
}

export interface AttributeDefinition {
  readonly name: string;
  readonly type: AttributeType;
  readonly anchor: boolean;
  readonly caseExact: boolean;
  readonly multivalued: boolean;
  readonly required: boolean;
  readonly flowNullValues: boolean;
  readonly mutability: Mutability;
  readonly defaultValue: string | null;
  readonly referencedObjects: readonly { readonly referencedObjectName: string }[];
  readonly metadata: readonly KeyValue[];
}
export interface ObjectDefinition {
  readonly name: string;
  readonly attributes: readonly AttributeDefinition[];
  readonly metadata: readonly KeyValue[];
  readonly supportedApis: readonly string[];
}
export interface DirectoryDefinition {
  readonly id: string;
  readonly name: string;
  readonly objects: readonly ObjectDefinition[];
  readonly discoverabilities: string;
  readonly discoveryDateTime: string | null;
  readonly readOnly: boolean;
  readonly version: string | null;
}

export interface SynchronizationSchema {
  readonly id: string;
  readonly version: string;
  readonly synchronizationRules: readonly SynchronizationRule[];
  readonly directories: readonly DirectoryDefinition[];
}

/** One thing wrong in a schema that somebody wants to save: where, what, and the remedy in one sentence. */
export interface SchemaFinding {
  /** JSON path, e.g. `synchronizationRules[0].objectMappings[1].attributeMappings[3].source.expression`. */
  readonly path: string;
  readonly code: 'SchemaInvalid' | 'ExpressionInvalid' | 'SchemaAttributeNotFound' | 'FilterInvalid';
  readonly message: string;
}
