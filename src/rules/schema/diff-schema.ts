// What two versions of a schema differ in, in the words of an administrator: which mapping, which property, from what to what.
import type { Json, JsonObject } from '../model/json.ts';
import type { SynchronizationSchema } from '../model/schema.ts';
import { writeSchema } from './write-schema.ts';

export const changeKinds = ['added', 'removed', 'changed'] as const;

export interface SchemaChange {
  readonly kind: (typeof changeKinds)[number];
  /** E.g. `User › department › source`. */
  readonly where: string;
  /** `null` for what was added. A mapping is shown by its expression. */
  readonly before: Json;
  /** `null` for what was removed. */
  readonly after: Json;
}

/** Ids and versions of the whole are no difference, nor is the order of mappings and attributes. */
export const schemaChanges = (before: SynchronizationSchema, after: SynchronizationSchema): readonly SchemaChange[] =>
  membersDiffer([], whole(before), whole(after));

const whole = (schema: SynchronizationSchema): JsonObject => ({ ...writeSchema(schema), id: null, version: null });

/** Lists whose elements are told apart by a name; elements of other lists have none and are compared as a whole. */
const namedBy: Readonly<Record<string, (element: JsonObject) => Json | undefined>> = {
  synchronizationRules: ({ name, id }) => (name === '' ? id : name),
  objectMappings: ({ sourceObjectName }) => sourceObjectName,
  attributeMappings: ({ targetAttributeName }) => targetAttributeName,
  directories: ({ name }) => name,
  objects: ({ name }) => name,
  attributes: ({ name }) => name,
  metadata: ({ key }) => key,
};
/** Their names say enough without the name of the list; a schema has one rule as good as always. */
const silent: ReadonlySet<string> = new Set([
  'synchronizationRules',
  'objectMappings',
  'attributeMappings',
  'attributes',
]);

function membersDiffer(where: readonly string[], before: JsonObject, after: JsonObject): readonly SchemaChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => memberDiffers(where, name, before[name] ?? null, after[name] ?? null));
}

function memberDiffers(where: readonly string[], name: string, before: Json, after: Json): readonly SchemaChange[] {
  const nameOf = namedBy[name];
  if (nameOf !== undefined && isList(before) && isList(after))
    return listsDiffer(silent.has(name) ? where : [...where, name], named(before, nameOf), named(after, nameOf));
  if (name === 'scope') return membersDiffer([...where, name], filled(before), filled(after));
  return valuesDiffer([...where, name], before, after);
}

/** No scope, and lists without groups: both let everybody in. */
const filled = (scope: Json): JsonObject =>
  Object.fromEntries(
    Object.entries(isObject(scope) ? scope : {}).filter(([, value]) => !isList(value) || value.length > 0),
  );

function listsDiffer(where: readonly string[], before: Named, after: Named): readonly SchemaChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.flatMap((name) => {
    const [old, young] = [before.get(name), after.get(name)];
    // The only rule of a schema needs no mention.
    const place = where.length === 0 && names.length === 1 ? where : [...where, name];
    if (old !== undefined && young !== undefined) return membersDiffer(place, old, young);
    return valuesDiffer(place, old ?? null, young ?? null);
  });
}

type Named = ReadonlyMap<string, JsonObject>;
function named(list: readonly Json[], nameOf: (element: JsonObject) => Json | undefined): Named {
  const elements = new Map<string, JsonObject>();
  for (const element of list.filter(isObject)) {
    const given = nameOf(element);
    const name = typeof given === 'string' ? given : '';
    const again = [...elements.keys()].filter((key) => key === name || key.startsWith(`${name} (`)).length;
    elements.set(again === 0 ? name : `${name} (${String(again + 1)})`, element);
  }
  return elements;
}

function valuesDiffer(where: readonly string[], before: Json, after: Json): readonly SchemaChange[] {
  const [old, young] = [shown(before), shown(after)];
  if (JSON.stringify(old) === JSON.stringify(young)) return [];
  const kind = before === null ? 'added' : after === null ? 'removed' : 'changed';
  return [{ kind, where: where.join(' › '), before: old, after: young }];
}

/** A source is its expression, a mapping is its source, a definition is its type, a filter is what it says. */
function shown(value: Json): Json {
  if (isList(value) && value.length > 0 && value.every(isFilterGroup)) return value.map(groupText).join(' or ');
  if (!isObject(value)) return value;
  if (typeof value['expression'] === 'string') return value['expression'];
  if ('targetAttributeName' in value) return shown(value['source'] ?? null) ?? value['defaultValue'] ?? '';
  if ('mutability' in value) return value['type'] ?? null;
  return value;
}

const isFilterGroup = (value: Json): boolean => isObject(value) && 'clauses' in value;
const groupText = (group: Json): string => `(${membersOf(group, 'clauses').map(clauseText).join(' and ')})`;

function clauseText(clause: Json): string {
  const textOf = (name: string): string => (isObject(clause) && typeof clause[name] === 'string' ? clause[name] : '');
  const operand = isObject(clause) ? (clause['targetOperand'] ?? null) : null;
  const values = membersOf(operand, 'values').map((value) => JSON.stringify(value));
  return [textOf('sourceOperandName'), textOf('operatorName'), ...values].join(' ');
}

function membersOf(value: Json, list: string): readonly Json[] {
  const members = isObject(value) ? (value[list] ?? null) : null;
  return isList(members) ? members : [];
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !isList(value);
