// Whether a mapping has a target that can be written: a path of SCIM, defined, not set by the application, with a fitting default.
import type { Expression } from '../expressions/ast.ts';
import { wholeNumber } from '../expressions/coerce.ts';
import { parseDateTime } from '../expressions/dates/parse-loose.ts';
import { nearest } from '../expressions/nearest.ts';
import { printExpression } from '../expressions/print.ts';
import type { AttributeDefinition, AttributeMapping } from '../model/schema.ts';
import { OBJECT_FILTER } from '../mapping/compile-mapping.ts';
import { parsePath, pathKey } from '../scim/path.ts';
import type { MappingContext } from './mapping-context.ts';
import { reportAt } from './mapping-context.ts';
import { neverReads, resultType } from './result-type.ts';

const SET_BY_TARGET = ['id', 'meta', 'schemas'];

/** Answers the definition of the target attribute where there is one. */
export function validateTarget(
  context: MappingContext,
  place: string,
  mapping: AttributeMapping,
): AttributeDefinition | undefined {
  const name = mapping.targetAttributeName;
  if (name === '' || name === OBJECT_FILTER) return undefined;
  const at = `${place}.targetAttributeName`;
  const path = parsePath(name);
  if (path === null) {
    reportAt(context, at, `"${name}" is not a SCIM attribute path.`, {
      remedy: 'Write userName, name.givenName, emails[type eq "work"].value, or urn:…:User:attribute.',
    });
    return undefined;
  }
  const definition = context.target?.get(pathKey(name));
  const isServers = path.schema === null && SET_BY_TARGET.includes(path.attribute.toLowerCase());
  if (isServers || definition?.mutability === 'ReadOnly') {
    reportAt(context, at, `The application sets ${name} itself.`, {
      remedy: 'Remove this mapping. To match by an id of your own, map it to externalId.',
    });
  } else if (context.target !== null && definition === undefined) reportUnknown(context, at, name);
  if (definition !== undefined) validateDefault(context, place, mapping, definition);
  return definition;
}

function reportUnknown(context: MappingContext, at: string, name: string): void {
  const names = [...(context.target?.values() ?? [])].map((a) => a.name);
  const near = nearest(name, names);
  const hint = near === undefined ? '' : `Did you mean ${near}? `;
  reportAt(context, at, `The object ${context.mapping.targetObjectName} has no attribute ${name}.`, {
    code: 'SchemaAttributeNotFound',
    remedy: `${hint}If the application knows it, add it to the attributes of this object in the target directory of the schema.`,
  });
}

/** A text can be written to an attribute of that type. */
const fits: Readonly<Record<AttributeDefinition['type'], (value: string) => boolean>> = {
  String: () => true,
  Binary: () => true,
  Boolean: (value) => /^(true|false)$/i.test(value),
  Integer: (value) => wholeNumber(value) !== null,
  DateTime: (value) => parseDateTime(value) !== null,
  Reference: () => false,
};

/** Does what the source gives every object fit the target? What depends on the object is found when it is evaluated. */
export function validateResult(
  context: MappingContext,
  place: string,
  e: Expression,
  target: AttributeDefinition | undefined,
): void {
  if (target === undefined || target.type === 'Reference') return;
  const { name, type } = target;
  if (e.kind === 'constant') {
    const value = String(e.value);
    if (value === '' || fits[type](value) || (type === 'Boolean' && fits.Integer(value))) return;
    reportAt(context, `${place}.source`, `The constant "${value}" is no ${type}, which ${name} needs.`, {
      remedy: `Give a ${type}.`,
    });
    return;
  }
  const given = resultType(context, e);
  if (given === null || !neverReads(type, given)) return;
  reportAt(context, `${place}.source`, `${printExpression(e)} is of type ${given}, but ${name} is of type ${type}.`, {
    remedy: `Give a value that is a ${type}.`,
  });
}

function validateDefault(
  context: MappingContext,
  place: string,
  { defaultValue }: AttributeMapping,
  { name, type }: AttributeDefinition,
): void {
  if (defaultValue === null || defaultValue === '' || fits[type](defaultValue)) return;
  reportAt(
    context,
    `${place}.defaultValue`,
    `The default value "${defaultValue}" is no ${type}, which ${name} needs.`,
    {
      remedy: type === 'Reference' ? 'Remove it: references have no default.' : `Give a ${type}, or none.`,
    },
  );
}
