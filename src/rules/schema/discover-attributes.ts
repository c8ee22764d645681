// The attributes that a target's own schemas (RFC 7643 §7) describe, as definitions with paths that can be mapped.
import type { Json, JsonObject } from '../model/json.ts';
import type { AttributeDefinition, AttributeType, Mutability } from '../model/schema.ts';
import type { SelfDescription } from '../model/target.ts';
import { parsePath } from '../scim/path.ts';
import type { ScimPath } from '../scim/path.ts';
import { isJsonObject, member } from '../scim/read-path.ts';

/** What the target shows of one type of resource. `objectsNamed`: names of objects of the directory by type of resource. */
export function discoverAttributes(
  description: SelfDescription,
  objectName: string,
  objectsNamed: (resourceType: string) => readonly string[],
): readonly AttributeDefinition[] {
  const schemas = schemasOf(description, objectName);
  const found = schemas.flatMap((schema) => {
    const id = textIn(schema, 'id');
    const prefix = /:core:2\.0:/i.test(id) ? '' : `${id}:`;
    return objectsIn(schema, 'attributes').flatMap((one) => definitions(one, prefix, objectsNamed));
  });
  return found.filter(({ name }) => isMappable(parsePath(name)));
}

const isMappable = (path: ScimPath | null): boolean =>
  path !== null && !(path.schema === null && SERVERS_OWN.has(path.attribute.toLowerCase()));
const SERVERS_OWN: ReadonlySet<string> = new Set(['schemas', 'meta']);

/** The schema of the resource and those that extend it; by their names where the target lists no types of resources. */
function schemasOf({ resourceTypes, schemas }: SelfDescription, objectName: string): readonly JsonObject[] {
  const all = schemas ?? [];
  const kind = lastPart(objectName);
  const type = (resourceTypes ?? []).find(
    (one) => same(textIn(one, 'name'), kind) || same(textIn(one, 'schema'), objectName),
  );
  if (type === undefined) return all.filter((schema) => same(lastPart(textIn(schema, 'id')), kind));
  const extensions = objectsIn(type, 'schemaExtensions').map((one) => textIn(one, 'schema'));
  const wanted = [textIn(type, 'schema'), ...extensions];
  return all.filter((schema) => wanted.some((id) => same(id, textIn(schema, 'id'))));
}

function definitions(
  attribute: JsonObject,
  prefix: string,
  objectsNamed: (resourceType: string) => readonly string[],
): readonly AttributeDefinition[] {
  const name = prefix + textIn(attribute, 'name');
  const parts = objectsIn(attribute, 'subAttributes');
  const several = attribute['multiValued'] === true;
  if (!same(textIn(attribute, 'type'), 'complex') || parts.length === 0)
    return [definition(name, attribute, { multivalued: several })];
  const reference = parts.find((part) => textIn(part, 'name') === '$ref');
  if (reference !== undefined) {
    const referencedObjects = textsIn(reference, 'referenceTypes')
      .flatMap(objectsNamed)
      .map((referencedObjectName) => ({ referencedObjectName }));
    return [definition(name, attribute, { type: 'Reference', multivalued: several, referencedObjects })];
  }
  return several ? elements(name, attribute, parts) : parts.map((part) => within(`${name}.`, attribute, part));
}

/** Of a list of complex values, each type that the target names; the primary one where it names none. */
function elements(name: string, attribute: JsonObject, parts: readonly JsonObject[]): readonly AttributeDefinition[] {
  const types = textsIn(parts.find((part) => same(textIn(part, 'name'), 'type')) ?? {}, 'canonicalValues');
  const hasPrimary = parts.some((part) => same(textIn(part, 'name'), 'primary'));
  if (types.length === 0 && !hasPrimary) return [definition(name, attribute, { type: 'String', multivalued: true })];
  const filters = types.length === 0 ? ['primary eq "True"'] : types.map((type) => `type eq ${JSON.stringify(type)}`);
  const values = parts.filter((part) => !SELECTORS.has(textIn(part, 'name').toLowerCase()));
  return filters.flatMap((filter) =>
    values.map((part) => ({ ...within(`${name}[${filter}].`, attribute, part), required: false })),
  );
}
const SELECTORS: ReadonlySet<string> = new Set(['type', 'primary', 'display']);

/** What the whole forbids, its parts forbid too. */
function within(path: string, whole: JsonObject, part: JsonObject): AttributeDefinition {
  const one = definition(path + textIn(part, 'name'), part, { multivalued: part['multiValued'] === true });
  const mutability = mutabilityOf(whole);
  return {
    ...one,
    required: one.required && whole['required'] === true,
    mutability: mutability === 'ReadWrite' ? one.mutability : mutability,
  };
}

const definition = (name: string, facts: JsonObject, rest: Partial<AttributeDefinition>): AttributeDefinition => ({
  name,
  type: types[textIn(facts, 'type').toLowerCase()] ?? 'String',
  anchor: name === 'id',
  caseExact: facts['caseExact'] === true,
  multivalued: false,
  required: facts['required'] === true,
  flowNullValues: false,
  mutability: mutabilityOf(facts),
  defaultValue: null,
  referencedObjects: [],
  metadata: [],
  ...rest,
});

/** A reference of SCIM may be any URI: only one to resources is a reference here. Graph has no fractions. */
const types: Readonly<Record<string, AttributeType>> = {
  boolean: 'Boolean',
  integer: 'Integer',
  datetime: 'DateTime',
  binary: 'Binary',
};
const mutabilities: Readonly<Record<string, Mutability>> = {
  readonly: 'ReadOnly',
  immutable: 'Immutable',
  writeonly: 'WriteOnly',
};
const mutabilityOf = (facts: JsonObject): Mutability =>
  mutabilities[textIn(facts, 'mutability').toLowerCase()] ?? 'ReadWrite';

const lastPart = (name: string): string => name.slice(name.lastIndexOf(':') + 1);
const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function textIn(object: JsonObject, name: string): string {
  const value = member(object, name);
  return typeof value === 'string' ? value : '';
}
const listIn = (object: JsonObject, name: string): readonly Json[] => {
  const value = member(object, name);
  return Array.isArray(value) ? (value as readonly Json[]) : [];
};
const objectsIn = (object: JsonObject, name: string): readonly JsonObject[] =>
  listIn(object, name).filter(isJsonObject);
const textsIn = (object: JsonObject, name: string): readonly string[] =>
  listIn(object, name).filter((one) => typeof one === 'string');
