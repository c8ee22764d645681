// Graph's synchronizationSchema, property for property, after defaults were filled in.
// Enum members keep Graph's casing; flags are arrays here and a comma-separated string on the wire.
import type { JsonObject } from './json.ts';
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

/** Members of a document that the engine has no use for: kept, and given back as they came. */
export interface Preserving {
  readonly other?: JsonObject;
}

export interface KeyValue extends Preserving {
  readonly key: string;
  readonly value: string | null;
}

/** Graph's `attributeMappingSource`: the stored tree of an expression. */
export interface MappingSource extends Preserving {
  readonly type: MappingSourceType;
  readonly name: string | null;
  readonly expression: string | null;
  readonly parameters: readonly { readonly key: string; readonly value: MappingSource }[];
}

export interface AttributeMapping extends Preserving {
  readonly targetAttributeName: string;
  /** `null` is the portal's mapping type *None*: only the default value is ever written. */
  readonly source: MappingSource | null;
  readonly defaultValue: string | null;
  readonly exportMissingReferences: boolean;
  readonly flowBehavior: AttributeFlowBehavior;
  readonly flowType: AttributeFlowType;
  /** 0 = not a matching attribute; otherwise lowest first. */
  readonly matchingPriority: number;
  /** True: when the source is cleared, the target is cleared. The source attribute must flow null too. Ours. */
  readonly flowNullValues?: boolean;
}

export interface FilterClause extends Preserving {
  readonly operatorName: string;
  readonly sourceOperandName: string;
  readonly targetOperand: { readonly values: readonly string[] };
}
export interface FilterGroup extends Preserving {
  readonly name: string | null;
  readonly clauses: readonly FilterClause[];
}
/** OR over `groups`, AND over clauses. An object that leaves `inputFilterGroups` is ignored, never deprovisioned. */
export interface ScopeFilter extends Preserving {
  readonly groups: readonly FilterGroup[];
  readonly inputFilterGroups: readonly FilterGroup[];
  readonly categoryFilterGroups: readonly FilterGroup[];
}

export interface ObjectMapping extends Preserving {
  readonly name: string;
  readonly enabled: boolean;
  readonly flowTypes: readonly ObjectFlowType[];
  readonly sourceObjectName: ObjectType;
  readonly targetObjectName: string;
  readonly attributeMappings: readonly AttributeMapping[];
  readonly scope: ScopeFilter | null;
  readonly metadata: readonly KeyValue[];
}

export interface SynchronizationRule extends Preserving {
  readonly id: string;
  readonly name: string;
  readonly editable: boolean;
  readonly priority: number;
  readonly sourceDirectoryName: string;
  readonly targetDirectoryName: string;
  readonly objectMappings: readonly ObjectMapping[];
  readonly metadata: readonly KeyValue[];
}

export interface ReferencedObject extends Preserving {
  readonly referencedObjectName: string;
}
export interface AttributeDefinition extends Preserving {
  readonly name: string;
  readonly type: AttributeType;
  readonly anchor: boolean;
  readonly caseExact: boolean;
  readonly multivalued: boolean;
  readonly required: boolean;
  readonly flowNullValues: boolean;
  readonly mutability: Mutability;
  readonly defaultValue: string | null;
  readonly referencedObjects: readonly ReferencedObject[];
  readonly metadata: readonly KeyValue[];
}
export interface ObjectDefinition extends Preserving {
  readonly name: string;
  readonly attributes: readonly AttributeDefinition[];
  readonly metadata: readonly KeyValue[];
  readonly supportedApis: readonly string[];
}
export interface DirectoryDefinition extends Preserving {
  readonly id: string;
  readonly name: string;
  readonly objects: readonly ObjectDefinition[];
  readonly discoverabilities: string;
  readonly discoveryDateTime: string | null;
  readonly readOnly: boolean;
  readonly version: string | null;
}

export interface SynchronizationSchema extends Preserving {
  readonly id: string;
  readonly version: string;
  readonly synchronizationRules: readonly SynchronizationRule[];
  readonly directories: readonly DirectoryDefinition[];
}

/** One thing wrong in a schema that somebody wants to save: where, what, and the remedy. */
export interface SchemaFinding {
  /** An error refuses the schema as a whole; a warning never blocks. */
  readonly severity: 'error' | 'warning';
  /** JSON path, e.g. `synchronizationRules[0].objectMappings[1].attributeMappings[3].source.expression`. */
  readonly path: string;
  readonly code: 'SchemaInvalid' | 'ExpressionInvalid' | 'SchemaAttributeNotFound' | 'FilterInvalid';
  /** What is wrong, without the remedy. */
  readonly message: string;
  /** What to do about it, one sentence. */
  readonly remedy: string;
  /** Names of the synchronization rule and the object mapping, and the target attribute of the mapping, where it is in one. */
  readonly rule: string | null;
  readonly mapping: string | null;
  readonly attribute: string | null;
  /** Position in the text of the expression, counted from 1. */
  readonly at: number | null;
}
