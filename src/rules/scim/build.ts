// From target paths to SCIM resources and back: the body of a create, and what is known of an account that was read.
import type { DesiredAttributes } from '../model/decisions.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { rfcDialect } from '../model/target.ts';
import type { CreateShape, KnownAttributes, ResourceType } from '../model/target.ts';
import { elementKey, pathOf } from './path.ts';
import type { ScimPath } from './path.ts';
import { isJsonObject, keyIn, member, passes, readPath } from './read-path.ts';

const corePrefix = 'urn:ietf:params:scim:schemas:core:2.0:';

/**
 * The body of `POST /Users` or `/Groups`. Strict servers refuse schemas that are not used, so the RFC's shape lists exactly
 * those that are. Nulls are left out; references are written later, by PATCH.
 */
export function createBody(
  resourceType: ResourceType,
  targetObjectName: string,
  desired: DesiredAttributes,
  shape: CreateShape = rfcDialect.create,
): JsonObject {
  const paths = Object.entries(desired).flatMap(([text, value]) =>
    value === null ? [] : [{ path: pathOf(text), value }],
  );
  const used = new Set(paths.flatMap(({ path }) => (path.schema === null ? [] : [path.schema])));
  const extensions = shape.extensions === 'used' ? used : shape.extensions[resourceType];
  const core = targetObjectName.startsWith(corePrefix) ? targetObjectName : `${corePrefix}${resourceType}`;
  const mapped = paths.reduce<JsonObject>((body, { path, value }) => withValue(body, path, value), {
    schemas: [core, ...extensions],
  });
  return dressed(mapped, resourceType, shape);
}

function dressed(body: JsonObject, resourceType: ResourceType, shape: CreateShape): JsonObject {
  const { emails, roles } = body;
  const withRoles = shape.roles === 'always' && resourceType === 'User';
  return {
    ...body,
    ...(shape.primaryEmail && Array.isArray(emails) ? { emails: emails.map(primaryAtWork) } : {}),
    ...(shape.meta ? { meta: { resourceType } } : {}),
    ...(withRoles ? { roles: Array.isArray(roles) ? roles.map(typedRole) : [] } : {}),
  };
}

const primaryAtWork = (email: Json): Json =>
  isJsonObject(email) && email['type'] === 'work' ? { primary: true, ...email } : email;

/** Entra marks the role of a single assignment like those of several. */
export const typedRole = (role: Json): Json =>
  isJsonObject(role) && role['type'] === undefined && 'primary' in role
    ? { primary: role['primary'] ?? true, type: ENTRA_ROLE, ...role }
    : role;
const ENTRA_ROLE = 'WindowsAzureActiveDirectoryRole';

export function withValue(body: JsonObject, path: ScimPath, value: Json): JsonObject {
  if (path.schema === null) return withMember(body, path.attribute, (old) => attributeWith(old, path, value));
  return withMember(body, path.schema, (extension) =>
    withMember(isJsonObject(extension) ? extension : {}, path.attribute, (old) => attributeWith(old, path, value)),
  );
}

function attributeWith(old: Json | undefined, { filter, subAttribute }: ScimPath, value: Json): Json {
  const within = (container: Json | undefined): Json =>
    subAttribute === null ? value : withMember(isJsonObject(container) ? container : {}, subAttribute, () => value);
  if (filter === null) return within(old);
  const elements: readonly Json[] = Array.isArray(old) ? old : [];
  const at = elements.findIndex((element) => passes(element, filter));
  const element = within(elements[at] ?? { [filter.attribute]: filter.value });
  return at < 0 ? [...elements, element] : elements.with(at, element);
}

export function withMember(object: JsonObject, name: string, change: (old: Json | undefined) => Json): JsonObject {
  const key = keyIn(object, name) ?? name;
  return { ...object, [key]: change(object[key]) };
}

/** One element of a typed multi-valued attribute, from its sub-attributes: `{"type": "work", "locality": …}`. */
export function elementOf(path: ScimPath, values: readonly (readonly [string, Json])[]): JsonObject {
  const start: JsonObject = path.filter === null ? {} : { [path.filter.attribute]: path.filter.value };
  return values.reduce((element, [name, value]) => withMember(element, name, () => value), start);
}

/** What a resource holds at these paths. Absent and null are left out; a reference (`{value, $ref}`) is its id. */
export function knownFrom(resource: JsonObject, paths: readonly string[]): KnownAttributes {
  return Object.fromEntries(
    paths.flatMap((path) => {
      const value = readPath(resource, path);
      const plain = isJsonObject(value) ? (member(value, 'value') ?? value) : value;
      return plain === undefined || plain === null ? [] : [[path, plain]];
    }),
  );
}

/** The elements of typed attributes of which something is known, by `elementKey`. */
export const knownElements = (known: KnownAttributes): ReadonlySet<string> =>
  new Set(Object.entries(known).flatMap(([path, value]) => (value === null ? [] : [elementKey(pathOf(path))])));
