// Whether a resource, or one element of a multi-valued attribute, fulfils a filter.
import type { Json, JsonObject } from '../../rules/model/json.ts';
import type { Comparison, Filter, Literal } from './filter.ts';
import { isList, isObject } from './normalise.ts';

export function matches(filter: Filter, resource: JsonObject): boolean {
  switch (filter.kind) {
    case 'and':
      return matches(filter.left, resource) && matches(filter.right, resource);
    case 'or':
      return matches(filter.left, resource) || matches(filter.right, resource);
    case 'not':
      return !matches(filter.of, resource);
    case 'present':
      return valuesAt(resource, filter.place.steps).length > 0;
    case 'element':
      return valuesAt(resource, filter.place.steps).some((each) => isObject(each) && matches(filter.filter, each));
    case 'compare':
      return compareAll(filter, valuesAt(resource, filter.place.steps));
  }
}

function compareAll(filter: Extract<Filter, { kind: 'compare' }>, values: readonly Json[]): boolean {
  if (filter.value === null) return (values.length === 0) === (filter.op === 'eq');
  if (filter.op === 'ne') return !values.some((each) => compare('eq', each, filter.value, filter.place.caseExact));
  return values.some((each) => compare(filter.op, each, filter.value, filter.place.caseExact));
}

function compare(op: Comparison, actual: Json, wanted: Literal, caseExact: boolean): boolean {
  if (typeof actual === 'string' && typeof wanted === 'string') {
    return caseExact ? compareText(op, actual, wanted) : compareText(op, actual.toLowerCase(), wanted.toLowerCase());
  }
  return op === 'eq' && actual === wanted;
}

function compareText(op: Comparison, actual: string, wanted: string): boolean {
  switch (op) {
    case 'eq':
      return actual === wanted;
    case 'ne':
      return actual !== wanted;
    case 'co':
      return actual.includes(wanted);
    case 'sw':
      return actual.startsWith(wanted);
    case 'ew':
      return actual.endsWith(wanted);
    case 'gt':
      return actual > wanted;
    case 'ge':
      return actual >= wanted;
    case 'lt':
      return actual < wanted;
    case 'le':
      return actual <= wanted;
  }
}

function valuesAt(value: Json | undefined, steps: readonly string[]): readonly Json[] {
  if (value === undefined || value === null) return [];
  if (isList(value)) return value.flatMap((each) => valuesAt(each, steps));
  const [step, ...rest] = steps;
  if (step === undefined) return [value];
  return isObject(value) ? valuesAt(value[step], rest) : [];
}
