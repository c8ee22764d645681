// A mapping as people write it in a file ↔ Graph's. What the short form cannot say is written as Graph's JSON under `graph`, so
// that nothing is ever lost: the short form is used only where it leads back to the very same mapping.
import { parseExpression } from '../expressions/parse.ts';
import { toMappingSource } from '../expressions/mapping-source.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { writeMappingSource } from '../schema/write-schema.ts';

/** The expression alone, `null` for a mapping without a source, or an object with what differs from the ordinary. */
export type AttributeForm = Json;
export type MappingForm = Readonly<Record<string, Json>>;

export const mappingForm = (mapping: JsonObject): MappingForm => shortest(mapping, shortMapping(mapping), graphMapping);

/** Throws nothing: what is wrong in it is found when the schema is read. */
export function graphMapping(form: MappingForm): JsonObject {
  if (isObject(form['graph'])) return form['graph'];
  const { source = '', target = '', name = source, enabled = true, actions = [], filter, scope, metadata = [] } = form;
  return {
    sourceObjectName: source,
    targetObjectName: target,
    name,
    enabled,
    flowTypes: listOf(actions).length === 0 ? 'None' : listOf(actions).map(textOf).join(','),
    scope: filter === undefined ? (scope ?? null) : scopeOf(filter),
    metadata,
    attributeMappings: Object.entries(isObject(form['attributes']) ? form['attributes'] : {}).map(([path, one]) =>
      graphAttribute(path, one),
    ),
  };
}

function shortMapping({
  sourceObjectName,
  targetObjectName,
  name,
  enabled,
  flowTypes,
  ...rest
}: JsonObject): MappingForm {
  const { scope = null, metadata, attributeMappings } = rest;
  const filter = filterOf(scope);
  return {
    source: sourceObjectName ?? '',
    target: targetObjectName ?? '',
    ...(name === sourceObjectName ? {} : { name: name ?? null }),
    ...(enabled === true ? {} : { enabled: enabled ?? null }),
    actions: flowTypes === 'None' ? [] : textOf(flowTypes).split(','),
    ...(scope === null ? {} : filter === null ? { scope } : { filter }),
    ...(listOf(metadata).length === 0 ? {} : { metadata: metadata ?? null }),
    attributes: Object.fromEntries(
      listOf(attributeMappings).flatMap((one) =>
        isObject(one) ? [[textOf(one['targetAttributeName']), attributeForm(one)]] : [],
      ),
    ),
  };
}

function attributeForm(mapping: JsonObject): AttributeForm {
  const { source = null, defaultValue, matchingPriority, flowType, flowBehavior, exportMissingReferences } = mapping;
  const expression = isObject(source) ? (source['expression'] ?? null) : null;
  const more: JsonObject = {
    ...(defaultValue == null ? {} : { default: defaultValue }),
    ...(matchingPriority === 0 || matchingPriority === undefined ? {} : { match: matchingPriority }),
    ...(flowType === 'Always' || flowType === undefined ? {} : { flow: flowType }),
    ...(flowBehavior === 'FlowAlways' ? { always: true } : {}),
    ...(exportMissingReferences === true ? { exportMissingReferences } : {}),
    ...(mapping['flowNullValues'] === undefined ? {} : { flowNullValues: mapping['flowNullValues'] }),
  };
  const short = Object.keys(more).length === 0 ? expression : { expression, ...more };
  const path = textOf(mapping['targetAttributeName']);
  return sameForm(graphAttribute(path, short), mapping) ? short : { graph: mapping };
}

function graphAttribute(path: string, form: AttributeForm): JsonObject {
  if (!isObject(form)) return graphAttribute(path, { expression: form });
  if (isObject(form['graph'])) return form['graph'];
  return {
    targetAttributeName: path,
    source: sourceOf(form['expression'] ?? null),
    defaultValue: form['default'] ?? null,
    exportMissingReferences: form['exportMissingReferences'] ?? false,
    flowBehavior: form['always'] === true ? 'FlowAlways' : 'FlowWhenChanged',
    flowType: form['flow'] ?? 'Always',
    matchingPriority: form['match'] ?? 0,
    ...(form['flowNullValues'] === undefined ? {} : { flowNullValues: form['flowNullValues'] }),
  };
}

/** What is no expression is handed on, for the reader of schemas to say what is wrong with it. */
function sourceOf(expression: Json): Json {
  if (expression === null) return null;
  const parsed = typeof expression === 'string' ? parseExpression(expression) : null;
  if (parsed?.ok === true) return writeMappingSource(toMappingSource(parsed.expression));
  return { type: 'Function', name: null, expression, parameters: [] };
}

/** Groups of clauses, each a list of attribute, operator and values; `null` where the scope says more than that. */
function filterOf(scope: Json): Json {
  if (!isObject(scope)) return null;
  const filter = listOf(scope['groups']).map((group) => ({
    ...(isObject(group) && group['name'] != null ? { name: group['name'] } : {}),
    all: listOf(isObject(group) ? group['clauses'] : null).map(clauseForm),
  }));
  return sameForm(scopeOf(filter), scope) ? filter : null;
}

function clauseForm(clause: Json): Json {
  if (!isObject(clause)) return [];
  const { sourceOperandName = null, operatorName = null, targetOperand = null } = clause;
  const values = isObject(targetOperand) ? listOf(targetOperand['values']) : [];
  return [sourceOperandName, operatorName, ...values];
}

const scopeOf = (filter: Json): JsonObject => ({
  groups: listOf(filter).map((group) => ({
    name: isObject(group) ? (group['name'] ?? null) : null,
    clauses: listOf(isObject(group) ? group['all'] : null).map(clauseOf),
  })),
  inputFilterGroups: [],
  categoryFilterGroups: [],
});

function clauseOf(form: Json): JsonObject {
  const [sourceOperandName = null, operatorName = null, ...values] = listOf(form);
  // YAML reads 42 and true as what they look like; operands are texts.
  const texts = values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  return { sourceOperandName, operatorName, targetOperand: texts.length === 0 ? null : { values: texts } };
}

const shortest = (graph: JsonObject, short: MappingForm, back: (form: MappingForm) => JsonObject): MappingForm =>
  sameForm(back(short), graph) ? short : { graph };

/** Equal whatever the order of members. */
export const sameForm = (a: Json, b: Json): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

function sorted(value: Json): Json {
  if (isList(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name] ?? null)]));
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
const listOf = (value: Json | undefined): readonly Json[] => (isList(value) ? value : []);
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !isList(value);
const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
