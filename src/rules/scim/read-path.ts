// Reads the value at an attribute path of a SCIM resource, as leniently as servers differ.
import type { Json, JsonObject } from '../model/json.ts';
import { parsePath } from './path.ts';
import type { ScimPath, ValueFilter } from './path.ts';

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The value at a path; `undefined` when there is none, or the text is no path.
 * Attribute names match in any case. A sub-attribute of a list without a filter reads the list of its values.
 */
export function readPath(resource: JsonObject, path: string): Json | undefined {
  const parsed = parsePath(path);
  return parsed === null ? undefined : readParsed(resource, parsed);
}

function readParsed(resource: JsonObject, { schema, attribute, filter, subAttribute }: ScimPath): Json | undefined {
  const container = schema === null ? resource : member(resource, schema);
  const whole = member(container, attribute);
  const element = filter === null ? whole : elementsOf(whole).find((candidate) => passes(candidate, filter));
  if (subAttribute === null) return element;
  if (!Array.isArray(element)) return member(element, subAttribute);
  const values = elementsOf(element).map((one) => member(one, subAttribute));
  return values.filter((value) => value !== undefined);
}

/** A property of an object, its name in any case; `undefined` when there is none or `value` is no object. */
export function member(value: Json | undefined, name: string): Json | undefined {
  if (!isJsonObject(value)) return undefined;
  const key = keyIn(value, name);
  return key === undefined ? undefined : value[key];
}

/** The spelling under which an object holds a property. */
export function keyIn(object: JsonObject, name: string): string | undefined {
  if (Object.hasOwn(object, name)) return name;
  const wanted = name.toLowerCase();
  return Object.keys(object).find((key) => key.toLowerCase() === wanted);
}

/** Some servers answer a single object where the RFC has a list. */
function elementsOf(value: Json | undefined): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  return value === undefined || value === null ? [] : [value];
}

/** `"True"` and `true` are the same to a filter, and so are `Work` and `work`. */
export function passes(element: Json, filter: ValueFilter): boolean {
  const found = member(element, filter.attribute);
  return found !== undefined && found !== null && textOf(found) === textOf(filter.value);
}
const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value)).toLowerCase();
