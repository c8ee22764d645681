// Checks a parsed `$filter` against the type it is for, and evaluates it. Texts are compared without regard to case.
import type { Json, JsonObject } from '../../../rules/model/json.ts';
import { noSuchProperty, unsupportedQuery } from '../http/errors.ts';
import type { Comparison, Filter, Literal } from './filter-parser.ts';
import { propertyOf, type EntityType } from './properties.ts';

const endsWithProperties = ['mail', 'othermails', 'proxyaddresses', 'userprincipalname'];

/** Refuses unknown properties, and what needs advanced query capabilities without them. */
export function checkFilter(filter: Filter, type: EntityType, advanced: boolean, variable?: string): void {
  switch (filter.op) {
    case 'and':
    case 'or':
      checkFilter(filter.left, type, advanced, variable);
      checkFilter(filter.right, type, advanced, variable);
      return;
    case 'not':
      needsAdvanced('Not', advanced);
      checkFilter(filter.operand, type, advanced, variable);
      return;
    case 'any':
      checkPath(filter.path, type, variable);
      checkFilter(filter.operand, type, advanced, filter.variable);
      return;
    case 'compare':
      if (filter.by === 'ne') needsAdvanced('NotEqualsMatch', advanced);
      checkPath(filter.path, type, variable);
      return;
    case 'text':
      if (filter.by === 'endsWith') checkEndsWith(filter.path, advanced, variable);
      checkPath(filter.path, type, variable);
      return;
    case 'in':
      checkPath(filter.path, type, variable);
  }
}

function checkEndsWith(path: string, advanced: boolean, variable: string | undefined): void {
  needsAdvanced('EndsWith', advanced);
  if (variable === undefined && !endsWithProperties.includes(path.toLowerCase()))
    throw unsupportedQuery(`Operator 'endsWith' is not supported for property '${path}'.`);
}

function needsAdvanced(operator: string, advanced: boolean): void {
  if (advanced) return;
  throw unsupportedQuery(
    `Operator '${operator}' is not supported because the 'ConsistencyLevel:eventual' header or '$count=true' is missing. Refer to https://aka.ms/graph-docs/advanced-queries for more information`,
  );
}

function checkPath(path: string, type: EntityType, variable: string | undefined): void {
  const [head = ''] = path.split('/');
  if (head === variable || propertyOf(type, head) !== null) return;
  throw noSuchProperty(head, type.odataType);
}

/** Whether an object passes. */
export function matches(filter: Filter, properties: JsonObject, type: EntityType): boolean {
  return evaluate(filter, (path) => {
    const [head = '', ...rest] = path.split('/');
    return below(properties[propertyOf(type, head)?.name ?? head], rest);
  });
}

type Resolve = (path: string) => Json;

function evaluate(filter: Filter, resolve: Resolve): boolean {
  switch (filter.op) {
    case 'and':
      return evaluate(filter.left, resolve) && evaluate(filter.right, resolve);
    case 'or':
      return evaluate(filter.left, resolve) || evaluate(filter.right, resolve);
    case 'not':
      return !evaluate(filter.operand, resolve);
    case 'in':
      return filter.values.some((value) => compares('eq', resolve(filter.path), value));
    case 'text':
      return textMatches(filter.by, fold(resolve(filter.path)), filter.value.toLowerCase());
    case 'any':
      return any(filter, resolve);
    case 'compare':
      return compares(filter.by, resolve(filter.path), filter.value);
  }
}

const textMatches = (by: 'startsWith' | 'endsWith', value: Json, wanted: string): boolean =>
  typeof value === 'string' && (by === 'startsWith' ? value.startsWith(wanted) : value.endsWith(wanted));

function any({ path, variable, operand }: Extract<Filter, { op: 'any' }>, resolve: Resolve): boolean {
  const items = resolve(path);
  if (!Array.isArray(items)) return false;
  return items.some((item: Json) =>
    evaluate(operand, (inner) => {
      const [head, ...rest] = inner.split('/');
      return head === variable ? below(item, rest) : resolve(inner);
    }),
  );
}

function below(value: Json | undefined, path: readonly string[]): Json {
  let at: Json | undefined = value;
  for (const name of path) {
    if (at === null || typeof at !== 'object' || Array.isArray(at)) return null;
    const entries = Object.entries(at as JsonObject);
    at = entries.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  }
  return at ?? null;
}

const fold = (value: Json): Json => (typeof value === 'string' ? value.toLowerCase() : value);

function compares(op: Comparison, value: Json, literal: Literal): boolean {
  const [left, right] = [fold(value), fold(literal)];
  if (op === 'eq') return left === right;
  if (op === 'ne') return left !== right;
  if (typeof left !== typeof right || left === null || right === null) return false;
  switch (op) {
    case 'ge':
      return left >= right;
    case 'le':
      return left <= right;
    case 'gt':
      return left > right;
    case 'lt':
      return left < right;
  }
}

/** Values of one property that the filter pins down: `a eq x or a eq y`, `a in (…)`; null when it does not. */
export function pinned(filter: Filter, property: string): readonly string[] | null {
  switch (filter.op) {
    case 'or': {
      const [left, right] = [pinned(filter.left, property), pinned(filter.right, property)];
      return left === null || right === null ? null : [...left, ...right];
    }
    case 'and':
      return pinned(filter.left, property) ?? pinned(filter.right, property);
    case 'compare':
      return filter.by === 'eq' && names(filter.path, property) ? [String(filter.value)] : null;
    case 'in':
      return names(filter.path, property) ? filter.values.map(String) : null;
    case 'not':
    case 'any':
    case 'text':
      return null;
  }
}

const names = (path: string, property: string): boolean => path.toLowerCase() === property.toLowerCase();
