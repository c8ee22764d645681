// A schema as two parts: the mappings, in the form that people write, and of the rest what differs from the template.
import type { Json, JsonObject } from '../model/json.ts';
import { graphMapping, isObject, mappingForm, sameForm } from './mapping-form.ts';
import type { MappingForm } from './mapping-form.ts';

export interface SchemaForm {
  readonly mappings: readonly MappingForm[];
  /** Members of Graph's schema, its rules without their object mappings. */
  readonly schema?: JsonObject;
}

/** `toSchema` of the result, with the same template, gives the same schema back. */
export function schemaForm(schema: JsonObject, template: JsonObject): SchemaForm {
  const rules = rulesOf(schema);
  const mappings = rules.flatMap((rule) =>
    objectsOf(rule['objectMappings']).map((mapping) => ({
      ...(rules.length > 1 ? { rule: rule['id'] ?? null } : {}),
      ...mappingForm(mapping),
    })),
  );
  const [own, common] = [frameOf(schema), frameOf(template)];
  const differing = Object.entries(own).filter(([name, value]) => !sameForm(value, common[name] ?? null));
  return { mappings, ...(differing.length === 0 ? {} : { schema: Object.fromEntries(differing) }) };
}

/** Without an id and a version: those are given when it is saved. */
export function toSchema({ mappings, schema = {} }: SchemaForm, template: JsonObject): JsonObject {
  const frame: JsonObject = { ...frameOf(template), ...schema };
  const [first] = rulesOf(frame);
  const byRule = (rule: JsonObject): readonly JsonObject[] =>
    mappings
      .filter((mapping) => (mapping['rule'] ?? first?.['id']) === rule['id'])
      .map((mapping) => graphMapping(without(mapping, 'rule')));
  return { ...frame, synchronizationRules: rulesOf(frame).map((rule) => ({ ...rule, objectMappings: byRule(rule) })) };
}

/** What belongs to one installation is no configuration. */
const frameOf = (schema: JsonObject): JsonObject => ({
  ...without(schema, 'id', 'version'),
  synchronizationRules: rulesOf(schema).map((rule) => without(rule, 'objectMappings')),
});

const without = (value: JsonObject, ...names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));

const rulesOf = (schema: JsonObject): readonly JsonObject[] => objectsOf(schema['synchronizationRules']);
const objectsOf = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];
