// Looking into answers whose shape is not known yet: every reader of Graph's JSON goes through these guards.
import type { Json, JsonObject } from '../rules/model/json.ts';

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** The string at `key`; `null` when there is none. */
export function textAt(object: JsonObject, key: string): string | null {
  const value = object[key];
  return typeof value === 'string' ? value : null;
}

/** The object at `key`; `null` when there is none. */
export function objectAt(object: JsonObject, key: string): JsonObject | null {
  const value = object[key];
  return isObject(value) ? value : null;
}

/** The objects of the list at `key`; `null` when it is no list, or holds anything but objects. */
export function objectsAt(object: JsonObject, key: string): readonly JsonObject[] | null {
  const value = object[key];
  return isList(value) && value.every(isObject) ? value : null;
}

/** The object that a text spells as JSON; `null` when it is cut off, empty, HTML, or another JSON value. */
export function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
