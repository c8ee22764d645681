// $filter, $orderby, $skip and $top over a list that is at hand as a whole.
import type { z } from 'zod';
import { ConfigError } from '../../rules/model/errors.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import { compare, predicate } from './filter/evaluate.ts';
import type { Properties, Property } from './filter/evaluate.ts';
import { parseFilter } from './filter/parse.ts';
import { propertiesOf } from './properties.ts';
import { numberOption } from './query-options.ts';
import type { QueryOptions } from './query-options.ts';

export interface ListPage {
  readonly items: readonly JsonObject[];
  /** How many match, on all pages. */
  readonly matching: number;
  /** Where the next page begins; `null` after the last one. */
  readonly next: number | null;
}

/** Throws ConfigError that names the option. */
export function pageOf(options: QueryOptions, resource: z.ZodObject, all: readonly JsonObject[]): ListPage {
  const properties = propertiesOf(resource);
  const matching = inOrder(filtered(all, options, properties), options, properties);
  // A next link names the place where it goes on; $skip tells only where the first page begins.
  const from = numberOption(options, 'skiptoken', 0) ?? numberOption(options, 'skip', 0) ?? 0;
  const to = from + (numberOption(options, 'top', 1) ?? matching.length);
  return {
    items: matching.slice(from, to),
    matching: matching.length,
    next: to < matching.length ? to : null,
  };
}

const filtered = (
  all: readonly JsonObject[],
  { filter }: QueryOptions,
  properties: Properties<JsonObject>,
): readonly JsonObject[] => (filter === undefined ? all : all.filter(predicate(parseFilter(filter), properties)));

function inOrder(
  items: readonly JsonObject[],
  { orderby }: QueryOptions,
  properties: Properties<JsonObject>,
): readonly JsonObject[] {
  if (orderby === undefined) return items;
  const orders = orderby.split(',').map((part) => orderOf(part.trim(), properties));
  return items.toSorted((a, b) => orders.reduce((found, order) => (found === 0 ? order(a, b) : found), 0));
}

function orderOf(part: string, properties: Properties<JsonObject>): (a: JsonObject, b: JsonObject) => number {
  const [, name = '', direction = 'asc'] = /^([\w/]+)(?:\s+(asc|desc))?$/i.exec(part) ?? [];
  const property = Object.entries(properties).find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1];
  if (property === undefined)
    throw new ConfigError(
      'Request_BadRequest',
      `$orderby cannot order by '${part}': use one of ${Object.keys(properties).join(', ')}, with asc or desc.`,
      '$orderby',
    );
  const sign = direction.toLowerCase() === 'asc' ? 1 : -1;
  return (a, b) => sign * nullsFirst(property.read(a), property.read(b));
}

type Value = ReturnType<Property<JsonObject>['read']>;
function nullsFirst(a: Value, b: Value): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return compare(a, b) ?? 0;
}
