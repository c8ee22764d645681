// A resource after operations in the RFC's form: what a whole-resource write (PUT) sends.
import type { Json, JsonObject } from '../model/json.ts';
import type { PatchOperation } from '../model/target.ts';
import { withMember, withValue } from './build.ts';
import { pathOf } from './path.ts';
import type { ScimPath } from './path.ts';
import { isJsonObject, keyIn, member, passes } from './read-path.ts';

/** Everything that no operation names stays as it was read. */
export const applyOperations = (resource: JsonObject, operations: readonly PatchOperation[]): JsonObject =>
  operations.reduce(applied, resource);

function applied(resource: JsonObject, { op, path, value = null, selects }: PatchOperation): JsonObject {
  if (path === undefined) throw new Error('an operation without a path has its shape already');
  const at = pathOf(path);
  if (op === 'remove') return without(resource, at);
  if (selects !== undefined && Array.isArray(value)) return withElement(resource, at, selects, value[0] as Json);
  const old = valueAt(resource, at);
  const whole = op === 'add' && Array.isArray(value) && Array.isArray(old) ? union(old, value) : value;
  return withValue(resource, at, whole);
}

/** An element that appeared meanwhile is completed, not doubled. */
function withElement(
  resource: JsonObject,
  at: ScimPath,
  filter: NonNullable<PatchOperation['selects']>,
  element: Json,
): JsonObject {
  const parts = isJsonObject(element) ? Object.entries(element) : [];
  return parts
    .filter(([name]) => name !== filter.attribute)
    .reduce((after, [subAttribute, one]) => withValue(after, { ...at, filter, subAttribute }, one), resource);
}

function valueAt(resource: JsonObject, { schema, attribute }: ScimPath): Json | undefined {
  return member(schema === null ? resource : member(resource, schema), attribute);
}

/** References are the same by their `value`. */
function union(old: readonly Json[], added: readonly Json[]): readonly Json[] {
  const known = new Set(old.map(keyOf));
  return [...old, ...added.filter((one) => !known.has(keyOf(one)))];
}
const keyOf = (one: Json): string => JSON.stringify(member(one, 'value') ?? one);

function without(resource: JsonObject, { schema, attribute, filter, subAttribute }: ScimPath): JsonObject {
  if (schema !== null)
    return inside(resource, schema, (rest) => without(rest, { schema: null, attribute, filter, subAttribute }));
  if (filter === null)
    return subAttribute === null
      ? dropped(resource, attribute)
      : inside(resource, attribute, (rest) => dropped(rest, subAttribute));
  const old = member(resource, attribute);
  if (!Array.isArray(old)) return resource;
  const kept = (old as readonly Json[]).flatMap((one) => {
    if (!passes(one, filter)) return [one];
    return subAttribute === null || !isJsonObject(one) ? [] : [dropped(one, subAttribute)];
  });
  return withMember(resource, attribute, () => kept);
}

const inside = (resource: JsonObject, name: string, change: (old: JsonObject) => JsonObject): JsonObject => {
  const old = member(resource, name);
  return isJsonObject(old) ? withMember(resource, name, () => change(old)) : resource;
};

function dropped(resource: JsonObject, name: string): JsonObject {
  const key = keyIn(resource, name);
  return Object.fromEntries(Object.entries(resource).filter(([each]) => each !== key));
}
