// Applies PATCH operations to the attributes of a resource: RFC 7644 §3.5.2 read strictly. Members of groups are not
// here (group-members.ts): they are too many to be handled as a list. Works on the given object; refuse by ScimError.
import type { Json } from '../../rules/model/json.ts';
import type { ResourceSchema } from './attribute.ts';
import { matches } from './filter-match.ts';
import type { Attributes, Strictness } from './normalise.ts';
import { isList, isObject, normaliseElement, normaliseValue } from './normalise.ts';
import type { Operation } from './patch-message.ts';
import type { PatchPath, PatchTarget } from './patch-path.ts';
import { parsePatchPath } from './patch-path.ts';
import { badRequest } from './scim-error.ts';
import { sameJson } from './same-json.ts';

type Op = Operation['op'];

/** One operation on one attribute; operations without a path are taken apart into these. */
export interface Step {
  readonly op: Op;
  readonly target: PatchTarget;
  readonly value: Json | undefined;
}

export function stepsOf(operation: Operation, schema: ResourceSchema, strictness: Strictness): readonly Step[] {
  const { op, path, value } = operation;
  if (path !== null) return stepsAt(op, parsePatchPath(path, schema), value, schema);
  const entries = Object.entries(isObject(value) ? value : {}).filter(([key]) => key.toLowerCase() !== 'schemas');
  return entries.flatMap(([key, each]) => {
    const parsed = parseKey(key, schema, strictness);
    return parsed === null ? [] : stepsAt(op, parsed, each, schema);
  });
}

function parseKey(key: string, schema: ResourceSchema, strictness: Strictness): PatchPath | null {
  try {
    return parsePatchPath(key, schema);
  } catch (error) {
    if (strictness.refuseUnknown) throw error;
    return null;
  }
}

function stepsAt(op: Op, path: PatchPath, value: Json | undefined, schema: ResourceSchema): readonly Step[] {
  if (path.kind === 'attribute') return [{ op, target: path.target, value }];
  const { id, attributes } = path.schema;
  if (op === 'remove')
    return [...attributes.keys()].flatMap((name) =>
      stepsAt(op, parsePatchPath(`${id}:${name}`, schema), undefined, schema),
    );
  if (!isObject(value)) throw badRequest('invalidValue', `The value of ${id} must be an object.`);
  return Object.entries(value).flatMap(([name, each]) =>
    stepsAt(op, parsePatchPath(`${id}:${name}`, schema), each, schema),
  );
}

export function applyStep(resource: Attributes, step: Step, strictness: Strictness): void {
  const { extension } = step.target;
  if (extension === null) {
    applyIn(resource, step, strictness);
    return;
  }
  const holder = copyOf(resource[extension]);
  applyIn(holder, step, strictness);
  assign(resource, extension, Object.keys(holder).length === 0 ? undefined : holder);
}

const copyOf = (value: Json | undefined): Attributes => (isObject(value) ? { ...value } : {});

function assign(holder: Attributes, name: string, value: Json | undefined): void {
  if (value === undefined) Reflect.deleteProperty(holder, name);
  else holder[name] = value;
}

function applyIn(holder: Attributes, step: Step, strictness: Strictness): void {
  const { attribute } = step.target;
  const before = holder[attribute.name];
  const after = attribute.multiValued
    ? plural(isList(before) ? before : [], step, strictness)
    : single(before, step, strictness);
  assign(holder, attribute.name, after);
}

function single(before: Json | undefined, { op, target, value }: Step, strictness: Strictness): Json | undefined {
  const { attribute, sub } = target;
  if (sub === null) {
    if (op === 'remove') return undefined;
    const given = normaliseValue(attribute, value ?? null, strictness);
    const merges = attribute.type === 'complex' && isObject(value ?? null);
    return merges ? merged(before, given) : given;
  }
  const after = copyOf(before);
  assign(
    after,
    sub.name,
    op === 'remove' ? undefined : normaliseValue(sub, value ?? null, strictness, `${attribute.name}.`),
  );
  return Object.keys(after).length === 0 ? undefined : after;
}

function merged(before: Json | undefined, given: Json | undefined): Json | undefined {
  const after = { ...copyOf(before), ...copyOf(given) };
  return Object.keys(after).length === 0 ? undefined : after;
}

function plural(before: readonly Json[], step: Step, strictness: Strictness): readonly Json[] | undefined {
  const after =
    step.target.filter === null && step.target.sub === null
      ? wholeList(before, step, strictness)
      : elements(before, step, strictness);
  return after.length === 0 ? undefined : after;
}

function wholeList(before: readonly Json[], { op, target, value }: Step, strictness: Strictness): readonly Json[] {
  if (op === 'remove')
    return value === undefined || value === null ? [] : before.filter((each) => !listed(asList(value), each));
  const given = asList(value ?? null).map((each) => normaliseElement(target.attribute, each, strictness));
  const assigned = given.filter((each) => each !== undefined);
  if (op === 'replace') return distinct(assigned);
  return distinct([...before, ...assigned]);
}

const asList = (value: Json): readonly Json[] => (isList(value) ? value : value === null ? [] : [value]);

const distinct = (values: readonly Json[]): readonly Json[] =>
  values.filter((value, at) => values.findIndex((other) => sameJson(other, value)) === at);

/** An element is listed when all that is said of it is true of it; `$ref: null` says nothing. */
function listed(values: readonly Json[], element: Json): boolean {
  return values.some((value) => {
    if (isList(value)) throw badRequest('invalidValue', 'A list of values to remove must not hold lists.');
    if (!isObject(value) || !isObject(element)) return sameJson(value, element);
    return Object.entries(value).every(([key, each]) => each === null || sameJson(element[key] ?? null, each));
  });
}

/** The elements that the filter selects, or all of them; an add or replace that selects none is refused. */
function elements(before: readonly Json[], step: Step, strictness: Strictness): readonly Json[] {
  const { filter, path } = step.target;
  const selects = (element: Json): boolean => isObject(element) && (filter === null || matches(filter, element));
  if (step.op !== 'remove' && !before.some(selects)) throw badRequest('noTarget', `Path ${path} selects no value.`);
  return before
    .map((each) => (selects(each) ? changed(each, step, strictness) : each))
    .filter((each) => each !== undefined);
}

function changed(element: Json, { op, target, value }: Step, strictness: Strictness): Json | undefined {
  const { attribute, sub } = target;
  if (sub !== null) {
    const after = copyOf(element);
    const given = op === 'remove' ? undefined : normaliseValue(sub, value ?? null, strictness, `${attribute.name}.`);
    assign(after, sub.name, given);
    return Object.keys(after).length === 0 ? undefined : after;
  }
  if (op === 'remove') return undefined;
  const given = normaliseElement(attribute, value ?? null, strictness);
  return op === 'add' ? merged(element, given) : given;
}
