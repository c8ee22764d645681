// The `attributes` and `excludedAttributes` parameters of RFC 7644 §3.9. Names that are not known are ignored.
import type { Json, JsonObject } from '../../rules/model/json.ts';
import type { ResourceSchema } from './attribute.ts';
import type { Attributes } from './normalise.ts';
import { isList, isObject } from './normalise.ts';

/** Paths as keys to follow; `only` = `null` stands for everything. */
export interface Projection {
  readonly only: readonly (readonly string[])[] | null;
  readonly without: readonly (readonly string[])[];
}

const always = [['schemas'], ['id']];

export function readProjection(query: URLSearchParams, schema: ResourceSchema): Projection {
  const attributes = query.get('attributes');
  const excluded = query.get('excludedAttributes');
  return {
    only: attributes === null ? null : [...always, ...pathsOf(attributes, schema)],
    without:
      excluded === null ? [] : pathsOf(excluded, schema).filter(([first]) => first !== 'id' && first !== 'schemas'),
  };
}

function pathsOf(list: string, schema: ResourceSchema): readonly (readonly string[])[] {
  return list.split(',').flatMap((each) => {
    const path = pathOf(each.trim(), schema);
    return path === null ? [] : [path];
  });
}

function pathOf(name: string, schema: ResourceSchema): readonly string[] | null {
  const lower = name.toLowerCase();
  const extension = schema.extensions.find(
    ({ id }) => lower === id.toLowerCase() || lower.startsWith(`${id.toLowerCase()}:`),
  );
  if (extension?.id.length === name.length) return [extension.id];
  const core = `${schema.core.id.toLowerCase()}:`;
  const local =
    extension !== undefined
      ? name.slice(extension.id.length + 1)
      : lower.startsWith(core)
        ? name.slice(core.length)
        : name;
  const [head = '', sub] = local.split('.');
  const attribute = (extension ?? schema.core).attributes.get(head.toLowerCase());
  if (attribute === undefined) return null;
  const base = extension === undefined ? [attribute.name] : [extension.id, attribute.name];
  const inner = sub === undefined ? undefined : attribute.subAttributes.get(sub.toLowerCase());
  return inner === undefined ? base : [...base, inner.name];
}

/** Whether an attribute can be in the answer at all; spares building what is dropped anyway. */
export function shows({ only, without }: Projection, attribute: string): boolean {
  if (without.some((path) => path.length === 1 && path[0] === attribute)) return false;
  return only === null || only.some(([first]) => first === attribute);
}

export function project(resource: JsonObject, { only, without }: Projection): JsonObject {
  const kept = only === null ? resource : only.reduce<JsonObject>((out, path) => merge(out, pick(resource, path)), {});
  return without.reduce<JsonObject>(drop, kept);
}

function pick(resource: JsonObject, [step, ...rest]: readonly string[]): JsonObject {
  const value = step === undefined ? undefined : resource[step];
  if (step === undefined || value === undefined) return {};
  if (rest.length === 0) return { [step]: value };
  if (isList(value)) return { [step]: value.map((each) => (isObject(each) ? pick(each, rest) : each)) };
  return isObject(value) ? { [step]: pick(value, rest) } : {};
}

function merge(a: JsonObject, b: JsonObject): JsonObject {
  const out: Attributes = { ...a };
  for (const [key, value] of Object.entries(b)) out[key] = mergeValues(out[key], value);
  return out;
}

function mergeValues(a: Json | undefined, b: Json): Json {
  if (isObject(a) && isObject(b)) return merge(a, b);
  if (isList(a) && isList(b)) return b.map((each, at) => mergeValues(a[at], each));
  return b;
}

function drop(resource: JsonObject, [step, ...rest]: readonly string[]): JsonObject {
  const value = step === undefined ? undefined : resource[step];
  if (step === undefined || value === undefined) return resource;
  if (rest.length === 0) return Object.fromEntries(Object.entries(resource).filter(([key]) => key !== step));
  if (isList(value)) return { ...resource, [step]: value.map((each) => (isObject(each) ? drop(each, rest) : each)) };
  return isObject(value) ? { ...resource, [step]: drop(value, rest) } : resource;
}
