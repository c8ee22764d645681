// Answers a list request: filter, paging by startIndex and count, projection (RFC 7644 §3.4.2).
import type { JsonObject } from '../../rules/model/json.ts';
import type { ResourceSchema } from './attribute.ts';
import type { Filter } from './filter.ts';
import { parseFilter, resourceScope } from './filter.ts';
import { matches } from './filter-match.ts';
import { checkFilterable } from './filter-shape.ts';
import { readProjection } from './projection.ts';
import type { View } from './rendering.ts';
import { render } from './rendering.ts';
import { badRequest } from './scim-error.ts';

export function list(
  view: View,
  schema: ResourceSchema,
  query: URLSearchParams,
  maxPage: number,
  filterable?: readonly string[],
): string {
  const from = Math.max(1, wholeNumber(query, 'startIndex', 1));
  const count = Math.min(maxPage, Math.max(0, wholeNumber(query, 'count', maxPage)));
  const text = query.get('filter');
  const filter = text === null ? null : parseFilter(text, resourceScope(schema));
  if (filter !== null) checkFilterable(filter, schema, filterable);
  const { total, page } =
    filter === null ? slice(view, schema, from, count) : found(view, schema, filter, [from, count]);
  const projection = readProjection(query, schema);
  const resources = page.map((id) => render(view, schema, id, projection));
  const head = `{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":${String(total)}`;
  return `${head},"startIndex":${String(from)},"itemsPerPage":${String(resources.length)},"Resources":[${resources.join(',')}]}`;
}

function wholeNumber(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  if (!/^-?\d{1,15}$/.test(text))
    throw badRequest('invalidValue', `Parameter ${name} must be a whole number, not ${text}.`);
  return Number(text);
}

interface Found {
  readonly total: number;
  readonly page: readonly string[];
}

function slice(view: View, { endpoint }: ResourceSchema, from: number, count: number): Found {
  const page: string[] = [];
  let at = 0;
  for (const id of view.store.ids(endpoint)) {
    at += 1;
    if (at >= from + count) break;
    if (at >= from) page.push(id);
  }
  return { total: view.store.count(endpoint), page };
}

function found(view: View, schema: ResourceSchema, filter: Filter, [from, count]: readonly [number, number]): Found {
  const { store } = view;
  const ids = store.candidates(schema.endpoint, filter) ?? [...store.ids(schema.endpoint)];
  const without = asksForMembers(filter) ? [] : [['members']];
  const hits = ids.filter((id) => {
    const text = render(view, schema, id, { only: null, without });
    return text !== '' && matches(filter, JSON.parse(text) as JsonObject);
  });
  return { total: hits.length, page: hits.slice(from - 1, from - 1 + count) };
}

function asksForMembers(filter: Filter): boolean {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return asksForMembers(filter.left) || asksForMembers(filter.right);
    case 'not':
      return asksForMembers(filter.of);
    case 'compare':
    case 'present':
    case 'element':
      return filter.place.steps[0] === 'members';
  }
}
