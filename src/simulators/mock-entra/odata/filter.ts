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
    case 'ne':
      needsAdvanced('NotEqualsMatch', advanced);
      checkPath(filter.path, type, variable);
      return;
    case 'endsWith':
      needsAdvanced('EndsWith', advanced);
      if (variable === undefined && !endsWithProperties.includes(filter.path.toLowerCase()))
        throw unsupportedQuery(`Operator 'endsWith' is not supported for property '${filter.path}'.`);
      checkPath(filter.path, type, variable);
      return;
    case 'eq':
    case 'ge':
    case 'le':
    case 'gt':
    case 'lt':
    case 'in':
    case 'startsWith':
      checkPath(filter.path, type, variable);
  }
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
    case 'startsWith':
      return textOf(resolve(filter.path))?.startsWith(filter.value.toLowerCase()) ?? false;
    case 'endsWith':
      return textOf(resolve(filter.path))?.endsWith(filter.value.toLowerCase()) ?? false;
    case 'any':
      return any(filter, resolve);
    case 'eq':
    case 'ne':
    case 'ge':
    case 'le':
    case 'gt':
    case 'lt':
      return compares(filter.op, resolve(filter.path), filter.value);
  }
}

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

const textOf = (value: Json): string | null => (typeof value === 'string' ? value.toLowerCase() : null);
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
    case 'eq':
      return filter.path.toLowerCase() === property.toLowerCase() ? [String(filter.value)] : null;
    case 'in':
      return filter.path.toLowerCase() === property.toLowerCase() ? filter.values.map(String) : null;
    case 'not':
    case 'any':
    case 'startsWith':
    case 'endsWith':
    case 'ne':
    case 'ge':
    case 'le':
    case 'gt':
    case 'lt':
      return null;
  }
}
