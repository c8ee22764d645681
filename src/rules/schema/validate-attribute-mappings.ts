// Whether the attribute mappings of one object mapping can be carried out: both sides exist and fit each other.
import type { Expression } from '../expressions/ast.ts';
import { wholeNumber } from '../expressions/coerce.ts';
import { nearest } from '../expressions/nearest.ts';
import { attributesOf } from '../expressions/references.ts';
import type { AttributeDefinition, AttributeMapping } from '../model/schema.ts';
import { parsePath } from '../scim/path.ts';
import type { MappingContext } from './mapping-context.ts';
import { expressionOf, isReported, reportAt } from './mapping-context.ts';

/** The target name under which a mapping decides about the whole object; nothing is written to it. */
const OBJECT_FILTER = 'objectFilter';
const SET_BY_TARGET = ['id', 'meta', 'schemas'];

export function validateAttributeMappings(context: MappingContext): void {
  for (const [i, mapping] of context.mapping.attributeMappings.entries()) {
    const place = `attributeMappings[${String(i)}]`;
    const target = validateTarget(context, place, mapping);
    validateDefault(context, place, mapping, target);
    const expression = expressionOf(mapping);
    if (expression === null) continue;
    validateSource(context, `${place}.source`, expression);
    validateReference(context, place, expression, target);
  }
  validateTargetsOnce(context);
}

/** Answers the definition of the target attribute where there is one. */
function validateTarget(
  context: MappingContext,
  place: string,
  mapping: AttributeMapping,
): AttributeDefinition | undefined {
  const name = mapping.targetAttributeName;
  if (name === '' || name === OBJECT_FILTER) return undefined;
  const at = `${place}.targetAttributeName`;
  const path = parsePath(name);
  if (path === null) {
    reportAt(
      context,
      at,
      `"${name}" is not a SCIM attribute path: write userName, name.givenName, emails[type eq "work"].value, or urn:…:User:attribute.`,
    );
    return undefined;
  }
  const definition = context.target?.get(name.toLowerCase());
  if (
    (path.schema === null && SET_BY_TARGET.includes(path.attribute.toLowerCase())) ||
    definition?.mutability === 'ReadOnly'
  ) {
    reportAt(
      context,
      at,
      `The application sets ${name} itself: remove this mapping. To match by an id of your own, map it to externalId.`,
    );
  } else if (context.target !== null && definition === undefined)
    reportAt(context, at, unknownTarget(context, name), 'SchemaAttributeNotFound');
  return definition;
}

function unknownTarget({ target, mapping }: MappingContext, name: string): string {
  const near = nearest(
    name,
    [...(target?.values() ?? [])].map((a) => a.name),
  );
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  return `The object ${mapping.targetObjectName} has no attribute ${name}.${hint} Add it to the attributes of this object in the target directory of the schema if the application knows it.`;
}

function validateDefault(
  context: MappingContext,
  place: string,
  mapping: AttributeMapping,
  target: AttributeDefinition | undefined,
): void {
  const value = mapping.defaultValue;
  if (value === null || value === '' || target === undefined) return;
  const fits =
    target.type === 'Boolean'
      ? /^(true|false)$/i.test(value)
      : target.type === 'Integer'
        ? wholeNumber(value) !== null
        : target.type !== 'Reference';
  if (!fits)
    reportAt(
      context,
      `${place}.defaultValue`,
      `The default value "${value}" is no ${target.type}, which ${target.name} needs.`,
    );
}

function validateSource(context: MappingContext, place: string, expression: Expression): void {
  for (const name of attributesOf(expression)) {
    if (context.source(name) === undefined) reportAt(context, place, context.unknownSource(name));
  }
  if (expression.kind === 'attribute' && expression.name === 'appRoleAssignments') {
    reportAt(
      context,
      place,
      'appRoleAssignments cannot be mapped directly: use SingleAppRoleAssignment([appRoleAssignments]) or AssertiveAppRoleAssignmentsComplex([appRoleAssignments]).',
    );
  }
}

// A reference is written once both ends exist; a function has no value for that.
function validateReference(
  context: MappingContext,
  place: string,
  e: Expression,
  target: AttributeDefinition | undefined,
): void {
  const reads = attributesOf(e).filter((name) => context.source(name)?.type === 'Reference');
  const [first] = reads;
  if (first !== undefined && e.kind !== 'attribute') {
    reportAt(
      context,
      `${place}.source`,
      `${first} is a reference, and references can only be mapped directly: use [${first}] alone.`,
    );
  } else if (first !== undefined && target !== undefined && target.type !== 'Reference') {
    reportAt(
      context,
      `${place}.targetAttributeName`,
      `${first} is a reference, but ${target.name} is of type ${target.type}: map it to an attribute of type Reference.`,
    );
  } else if (
    first === undefined &&
    target?.type === 'Reference' &&
    !isReported(context.findings, `${context.path}.${place}`)
  ) {
    reportAt(
      context,
      `${place}.source`,
      `${target.name} is a reference: map a reference such as manager or members to it directly.`,
    );
  }
}

function validateTargetsOnce(context: MappingContext): void {
  const seen = new Set<string>();
  for (const [i, { targetAttributeName }] of context.mapping.attributeMappings.entries()) {
    const name = targetAttributeName.toLowerCase();
    if (name !== '' && seen.has(name)) {
      reportAt(
        context,
        `attributeMappings[${String(i)}].targetAttributeName`,
        `${targetAttributeName} is mapped twice: remove one of the mappings.`,
      );
    }
    seen.add(name);
  }
}
