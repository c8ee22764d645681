// Checks a value against its attribute definition and brings it into canonical form: declared spelling of names, no
// nulls, no empty lists, nothing read-only. Throws ScimError 400 naming the attribute.
import type { Json, JsonObject } from '../../rules/model/json.ts';
import type { Attribute, AttributeSet, ResourceSchema } from './attribute.ts';
import { badRequest } from './scim-error.ts';

export interface Strictness {
  /** Unknown attributes and extensions are refused, otherwise dropped. */
  readonly refuseUnknown: boolean;
}

/** A resource without `schemas` and without server-owned attributes. */
export type Attributes = Record<string, Json>;

/** The text of a string value, else an empty text. */
export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

export function normaliseResource(schema: ResourceSchema, body: Json, strictness: Strictness): Attributes {
  if (!isObject(body)) throw badRequest('invalidSyntax', 'The body must be a JSON object.');
  checkSchemas(schema, body['schemas'], strictness);
  const out: Attributes = {};
  for (const [key, value] of Object.entries(body)) {
    if (key === 'schemas') continue;
    const extension = schema.extensions.find((each) => each.id.toLowerCase() === key.toLowerCase());
    if (extension !== undefined)
      put(out, extension.id, normaliseObject(extension.attributes, value, extension.id, strictness));
    else normaliseMember(out, schema.core.attributes, [key, value], strictness, '');
  }
  return out;
}

function checkSchemas(schema: ResourceSchema, declared: Json | undefined, strictness: Strictness): void {
  if (!isList(declared) || declared.length === 0) throw badRequest('invalidSyntax', 'Attribute schemas is required.');
  const known = [schema.core, ...schema.extensions].map((each) => each.id.toLowerCase());
  const given = declared.map((each) => textOf(each).toLowerCase());
  const unknown = given.find((each) => !known.includes(each));
  if (unknown !== undefined && strictness.refuseUnknown) {
    throw badRequest('invalidValue', `Schema ${unknown} is not known for ${schema.type}.`);
  }
  if (!given.includes(schema.core.id.toLowerCase())) {
    throw badRequest('invalidSyntax', `Attribute schemas must contain ${schema.core.id}.`);
  }
}

function put(out: Attributes, name: string, value: Json | undefined): void {
  if (value !== undefined) out[name] = value;
}

function normaliseMember(
  out: Attributes,
  set: AttributeSet,
  [key, value]: readonly [string, Json],
  strictness: Strictness,
  prefix: string,
): void {
  const attribute = set.get(key.toLowerCase());
  if (attribute === undefined) {
    if (strictness.refuseUnknown) throw badRequest('invalidValue', `Attribute ${prefix}${key} is not known.`);
  } else if (attribute.mutability !== 'readOnly') {
    put(out, attribute.name, normaliseValue(attribute, value, strictness, prefix));
  }
}

/** `undefined` stands for "unassigned": null, an empty list, an object without content. */
export function normaliseValue(
  attribute: Attribute,
  value: Json,
  strictness: Strictness,
  prefix = '',
): Json | undefined {
  if (value === null) return undefined;
  const path = prefix + attribute.name;
  if (!attribute.multiValued) return normaliseOne(attribute, value, path, strictness);
  if (!isList(value)) throw badRequest('invalidValue', `Attribute ${path} must be a list.`);
  const values = value
    .map((each) => normaliseElement(attribute, each, strictness, prefix))
    .filter((each) => each !== undefined);
  return values.length === 0 ? undefined : values;
}

/** One element of a multi-valued attribute. */
export function normaliseElement(
  attribute: Attribute,
  value: Json,
  strictness: Strictness,
  prefix = '',
): Json | undefined {
  return value === null ? undefined : normaliseOne(attribute, value, prefix + attribute.name, strictness);
}

function normaliseOne(attribute: Attribute, value: Json, path: string, strictness: Strictness): Json | undefined {
  switch (attribute.type) {
    case 'complex':
      return normaliseObject(attribute.subAttributes, value, path, strictness);
    case 'boolean':
      if (typeof value === 'boolean') return value;
      throw badRequest('invalidValue', `Attribute ${path} must be true or false, not ${JSON.stringify(value)}.`);
    case 'string':
    case 'reference':
    case 'dateTime':
      if (typeof value === 'string') return canonical(attribute, value, path);
      throw badRequest('invalidValue', `Attribute ${path} must be a string.`);
  }
}

function canonical({ canonicalValues }: Attribute, value: string, path: string): string {
  if (canonicalValues.length === 0 || canonicalValues.includes(value)) return value;
  throw badRequest('invalidValue', `Attribute ${path} must be one of ${canonicalValues.join(', ')}, not ${value}.`);
}

function normaliseObject(set: AttributeSet, value: Json, path: string, strictness: Strictness): JsonObject | undefined {
  if (value === null) return undefined;
  if (!isObject(value)) throw badRequest('invalidValue', `Attribute ${path} must be a complex value.`);
  const out: Attributes = {};
  for (const entry of Object.entries(value)) normaliseMember(out, set, entry, strictness, `${path}.`);
  for (const attribute of set.values()) {
    if (attribute.required && out[attribute.name] === undefined) {
      throw badRequest('invalidValue', `Attribute ${path}.${attribute.name} is required.`);
    }
  }
  return Object.keys(out).length === 0 ? undefined : out;
}

/** What must hold of a whole resource: required attributes present and not empty, one primary value at most. */
export function checkWhole(schema: ResourceSchema, attributes: JsonObject): void {
  for (const attribute of schema.core.attributes.values()) {
    const value = attributes[attribute.name];
    if (attribute.required && attribute.mutability !== 'readOnly' && (value === undefined || value === '')) {
      throw badRequest('invalidValue', `Attribute ${attribute.name} is required.`);
    }
    if (isList(value) && value.filter((each) => isObject(each) && each['primary'] === true).length > 1) {
      throw badRequest('invalidValue', `Attribute ${attribute.name} has more than one primary value.`);
    }
    checkTypes(attribute, value);
  }
}

/** Where the types are given, each has one value. */
function checkTypes({ name, subAttributes }: Attribute, value: Json | undefined): void {
  if (!isList(value) || (subAttributes.get('type')?.canonicalValues ?? []).length === 0) return;
  const types = value.map((each) => (isObject(each) ? textOf(each['type']) : ''));
  const twice = types.find((type, at) => types.indexOf(type) !== at);
  if (twice !== undefined)
    throw badRequest('invalidValue', `Attribute ${name} has more than one value of type ${twice}.`);
}
