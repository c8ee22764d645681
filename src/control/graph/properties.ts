// What a list can be filtered and ordered by, from the schema of its items: one description serves answers and questions.
import { z } from 'zod';
import type { Json, JsonObject } from '../../rules/model/json.ts';
import type { Properties, Property } from './filter/evaluate.ts';

type Path = readonly string[];

/** By name in Graph's casing; a property of a property is written `schedule/state`. Collections are left out. */
export const propertiesOf = (resource: z.ZodObject): Properties<JsonObject> =>
  Object.fromEntries(entries(resource, []).map(([path, type]) => [path.join('/'), reading(path, type)]));

type Entry = readonly [Path, Property<JsonObject>['type']];

function entries(resource: z.ZodObject, above: Path): readonly Entry[] {
  return Object.entries(resource.shape).flatMap(([name, member]): readonly Entry[] => {
    const inner = bare(member as z.ZodType);
    const path = [...above, name];
    if (inner instanceof z.ZodObject) return entries(inner, path);
    const type = typeOf(inner);
    return type === null ? [] : [[path, type]];
  });
}

function bare(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) return bare(schema.unwrap() as z.ZodType);
  return schema;
}

function typeOf(schema: z.ZodType): Property<JsonObject>['type'] | null {
  if (schema instanceof z.ZodISODateTime) return 'time';
  if (schema instanceof z.ZodNumber) return 'number';
  if (schema instanceof z.ZodBoolean) return 'boolean';
  const isText = schema instanceof z.ZodString || schema instanceof z.ZodEnum || schema instanceof z.ZodLiteral;
  return isText ? 'text' : null;
}

function reading(path: Path, type: Property<JsonObject>['type']): Property<JsonObject> {
  switch (type) {
    case 'text':
      return { type, read: (item) => pick(item, path, (value) => typeof value === 'string') };
    case 'number':
      return { type, read: (item) => pick(item, path, (value) => typeof value === 'number') };
    case 'boolean':
      return { type, read: (item) => pick(item, path, (value) => typeof value === 'boolean') };
    case 'time':
      return { type, read: (item) => timeOf(pick(item, path, (value) => typeof value === 'string')) };
  }
}

function pick<T extends Json>(item: JsonObject, path: Path, is: (value: Json) => value is T): T | null {
  const found = path.reduce<Json | undefined>((value, name) => (isObject(value) ? value[name] : undefined), item);
  return found !== undefined && is(found) ? found : null;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const timeOf = (text: string | null): Date | null => (text === null ? null : new Date(text));
