// One attribute mapping made ready to run: what its source is and does, and what its target takes.
import type { Expression } from '../expressions/ast.ts';
import { compileExpression } from '../expressions/evaluate.ts';
import type { CompiledExpression } from '../expressions/evaluate.ts';
import { fromMappingSource } from '../expressions/mapping-source.ts';
import { attributesOf, isSelectUniqueValue } from '../expressions/references.ts';
import type {
  AttributeDefinition,
  AttributeFlowBehavior,
  AttributeFlowType,
  AttributeMapping,
  AttributeType,
} from '../model/schema.ts';
import { pathOf } from '../scim/path.ts';
import { isRedacted } from './redact.ts';

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
  /** A source that was cleared clears the target. */
  readonly flowsNull: boolean;
  /** Source attributes that the expression reads. */
  readonly reads: readonly string[];
  /** The value is chosen for a new account among those that no other account has. */
  readonly unique: boolean;
  /** The value is never shown, and kept only as a fingerprint: its expression says Redact, or it is a password. */
  readonly redacted: boolean;
  /** What the app roles of the object become: one, those that are added to the others, or all there are. */
  readonly roles: 'single' | 'added' | 'all' | null;
  /** Texts are written as `{"value": text}`. */
  readonly elementsAreObjects: boolean;
}

/** `flowsNull` tells whether the source directory lets null of an attribute flow. */
export function compileMapping(
  mapping: AttributeMapping,
  definition: AttributeDefinition | undefined,
  flowsNull: (sourceName: string) => boolean,
): CompiledMapping {
  const source = sourceFacts(mapping);
  const target = targetFacts(mapping, definition);
  return {
    targetPath: mapping.targetAttributeName,
    flowType: mapping.flowType,
    flowBehavior: mapping.flowBehavior,
    redacted: isRedacted(mapping.targetAttributeName, source.expression),
    matchingPriority: mapping.matchingPriority,
    ...source,
    ...target,
    multivalued: target.multivalued || source.roles === 'added' || source.roles === 'all',
    flowsNull: mapping.flowNullValues === true && isClearable(mapping, source, target) && source.reads.every(flowsNull),
  };
}

function sourceFacts(mapping: AttributeMapping) {
  const expression = expressionOf(mapping);
  const reads = expression === null ? [] : attributesOf(expression);
  return {
    expression,
    evaluate: expression === null ? null : compileExpression(expression),
    reads,
    usesSoftDeleted: reads.includes('IsSoftDeleted'),
    unique: expression !== null && isSelectUniqueValue(expression),
    roles: expression?.kind === 'call' ? (roleFunctions[expression.name] ?? null) : null,
  };
}

function targetFacts({ targetAttributeName, defaultValue }: AttributeMapping, definition?: AttributeDefinition) {
  const { schema, filter, subAttribute, attribute } = pathOf(targetAttributeName);
  const isWhole = schema === null && filter === null && subAttribute === null;
  const { type, multivalued, required, caseExact } = definition ?? undefinedTarget;
  return {
    defaultValue: defaultValue ?? (required ? (definition?.defaultValue ?? null) : null),
    caseExact,
    targetType: type,
    multivalued,
    required,
    elementsAreObjects: isWhole && complexLists.has(attribute.toLowerCase()),
  };
}
const undefinedTarget = { type: 'String', multivalued: false, required: false, caseExact: true } as const;

/** An attribute by which accounts are found, disabled or accepted at all is never cleared. */
const isClearable = (
  { matchingPriority }: AttributeMapping,
  { reads, usesSoftDeleted }: ReturnType<typeof sourceFacts>,
  { required }: ReturnType<typeof targetFacts>,
): boolean => matchingPriority === 0 && !required && !usesSoftDeleted && reads.length > 0;

const roleFunctions: Readonly<Record<string, CompiledMapping['roles']>> = {
  SingleAppRoleAssignment: 'single',
  AppRoleAssignmentsComplex: 'added',
  AssertiveAppRoleAssignmentsComplex: 'all',
};

/** RFC 7643 §4.1.2: lists whose elements are objects with a `value`. */
const complexLists = new Set(['emails', 'phonenumbers', 'ims', 'photos', 'entitlements', 'roles', 'x509certificates']);

export function expressionOf({ source, targetAttributeName }: AttributeMapping): Expression | null {
  if (source === null) return null;
  const read = fromMappingSource(source);
  if (read.ok) return read.expression;
  throw new Error(`the mapping of ${targetAttributeName} does not parse, and was saved: ${read.message}`);
}
