// Checks the properties that a client wants to set, as Graph does, before anything is written.
import type { Json, JsonObject } from '../../../rules/model/json.ts';
import { badRequest } from '../http/errors.ts';
import { propertyOf, type EntityType, type PropertyType } from '../odata/properties.ts';

/** Taken and thrown away: the mock signs nobody in, and keeps no secret. */
const dropped = ['passwordprofile'];

/** The settable properties of a body by their own spelling; throws 400. Annotations and links are left to the caller. */
export function readProperties(type: EntityType, body: JsonObject): JsonObject {
  const set: Record<string, Json> = {};
  for (const [key, value] of Object.entries(body)) {
    if (key.includes('@') || dropped.includes(key.toLowerCase())) continue;
    const property = propertyOf(type, key);
    if (property === null)
      throw badRequest(`Property '${key}' does not exist as a declared property or extension property.`);
    if (property.readOnly) throw badRequest(`Property '${property.name}' is read-only and cannot be set.`);
    if (value !== null && !fits(property.type, value) && !/^extension_/i.test(key))
      throw badRequest(
        `Invalid value specified for property '${property.name}' of resource '${resourceName(type)}': expected ${expected[property.type]}.`,
      );
    set[property.name] = value;
  }
  return set;
}

/** Refuses a create without what the type requires. */
export function requireProperties(type: EntityType, set: JsonObject): void {
  const missing = type.required.filter((name) => set[name] === undefined || set[name] === null);
  if (missing.length === 0) return;
  throw badRequest(`A value is required for property '${missing.join("', '")}' of resource '${resourceName(type)}'.`);
}

/** What really changes: equal values are no change; complex values are merged member by member. */
export function difference(current: JsonObject, wanted: JsonObject): JsonObject {
  const changed: Record<string, Json> = {};
  for (const [name, value] of Object.entries(wanted)) {
    const before = current[name];
    const after = isObject(value) && isObject(before) ? { ...before, ...value } : value;
    if (JSON.stringify(before ?? null) !== JSON.stringify(after)) changed[name] = after;
  }
  return changed;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const resourceName = (type: EntityType): string => `${type.kind.charAt(0).toUpperCase()}${type.kind.slice(1)}`;

const expected: Readonly<Record<PropertyType, string>> = {
  string: 'a text that is not empty',
  boolean: 'true or false',
  date: 'a point in time like 2026-01-31T12:00:00Z',
  strings: 'a list of texts',
  object: 'an object',
  objects: 'a list of objects',
};

function fits(type: PropertyType, value: Json): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string' && value !== '';
    case 'boolean':
      return typeof value === 'boolean';
    case 'date':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value));
    case 'strings':
      return Array.isArray(value) && value.every((item: Json) => typeof item === 'string');
    case 'object':
      return isObject(value);
    case 'objects':
      return Array.isArray(value) && value.every((item: Json) => isObject(item));
  }
}
