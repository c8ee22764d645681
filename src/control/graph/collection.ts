// Graph's collections and entities: context, next link, what was selected; counts as plain text.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ConfigError } from '../../rules/model/errors.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import { pageOf } from './list-options.ts';
import { contextUrl } from './paths.ts';
import { queryOptions, wantsCount } from './query-options.ts';
import type { QueryOptions } from './query-options.ts';

/** How an answer with a list of `resource` is described. */
export const collectionOf = (resource: z.ZodObject) =>
  z.strictObject({
    '@odata.context': z.string(),
    '@odata.count': z.int().min(0).optional(),
    '@odata.nextLink': z.string().optional(),
    value: z.array(resource),
  });

/** How an answer with one `resource` is described. */
export const entityOf = (resource: z.ZodObject): z.ZodObject => resource.safeExtend({ '@odata.context': z.string() });

export const plainText = z.string().meta({ contentType: 'text/plain' });

/** What the query options of the request leave of `all`. Throws ConfigError that names the option. */
export function collection(
  request: FastifyRequest,
  fragment: string,
  resource: z.ZodObject,
  all: readonly JsonObject[],
): JsonObject {
  const { items, matching, next } = pageOf(queryOptions(request), resource, all);
  return collectionPage(request, fragment, resource, { items, matching, next: next === null ? null : String(next) });
}

/** One page of what is read page by page. `next` says where the next one begins; `matching` may not be known. */
export function collectionPage(
  request: FastifyRequest,
  fragment: string,
  resource: z.ZodObject,
  page: { readonly items: readonly JsonObject[]; readonly next: string | null; readonly matching?: number },
): JsonObject {
  const options = queryOptions(request);
  const selected = selection(options, resource);
  return {
    '@odata.context': contextUrl(request, fragment + suffixOf(selected)),
    ...(page.matching !== undefined && wantsCount(options) ? { '@odata.count': page.matching } : {}),
    ...(page.next === null ? {} : { '@odata.nextLink': nextLink(request, page.next) }),
    value: page.items.map((item) => select(item, selected)),
  };
}

export function entity(
  request: FastifyRequest,
  fragment: string,
  resource: z.ZodObject,
  value: JsonObject,
): JsonObject {
  const selected = selection(queryOptions(request), resource);
  return { '@odata.context': contextUrl(request, fragment), ...select(value, selected) };
}

export const plainCount = (reply: FastifyReply, count: number): FastifyReply =>
  reply.type('text/plain; charset=utf-8').send(String(count));

/** The request itself, further on, as the caller reached it. */
export function nextLink(request: FastifyRequest, cursor: string): string {
  const url = new URL(`${request.protocol}://${request.host}${request.originalUrl}`);
  for (const name of ['skiptoken', '$skip', 'skip']) url.searchParams.delete(name);
  url.searchParams.set('$skiptoken', cursor);
  return url.toString();
}

/** `null`: everything. Throws ConfigError for a name that no item has. */
function selection({ select: text }: QueryOptions, resource: z.ZodObject): ReadonlySet<string> | null {
  if (text === undefined || text.trim() === '*') return null;
  const known = Object.keys(resource.shape);
  return new Set(text.split(',').map((part) => knownName(part.trim(), known)));
}

function knownName(given: string, known: readonly string[]): string {
  const name = known.find((each) => each.toLowerCase() === given.toLowerCase());
  if (name !== undefined) return name;
  throw new ConfigError(
    'Request_BadRequest',
    `$select names '${given}', which is not there: use ${known.join(', ')}.`,
    '$select',
  );
}

const suffixOf = (selected: ReadonlySet<string> | null): string =>
  selected === null ? '' : `(${[...selected].join(',')})`;
const select = (item: JsonObject, selected: ReadonlySet<string> | null): JsonObject =>
  selected === null ? item : Object.fromEntries(Object.entries(item).filter(([name]) => selected.has(name)));
