// Lists under /api that are too long for one answer: $top at a time, from $skiptoken on.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { nextLink } from '../graph/collection.ts';
import { numberOption, queryOptions } from '../graph/query-options.ts';
import type { JsonObject } from '../../rules/model/json.ts';

const PAGE = 100;
const LARGEST_PAGE = 1_000;

export const pagingQuery = z.object({
  $top: z
    .string()
    .optional()
    .describe(`Most items of one answer, at most ${String(LARGEST_PAGE)}; ${String(PAGE)} unless told.`),
  $skiptoken: z.string().optional().describe('From @odata.nextLink.'),
});

export const pageOf = (item: z.ZodType) =>
  z.strictObject({ value: z.array(item), '@odata.nextLink': z.string().optional() });

/** Throws ConfigError that names the option. */
export function paging(request: FastifyRequest): { readonly limit: number; readonly after?: string } {
  const options = queryOptions(request);
  const limit = numberOption(options, 'top', 1, LARGEST_PAGE) ?? PAGE;
  return { limit, ...(options.skiptoken === undefined ? {} : { after: options.skiptoken }) };
}

export const paged = (request: FastifyRequest, value: readonly JsonObject[], next: string | null): JsonObject => ({
  value,
  ...(next === null ? {} : { '@odata.nextLink': nextLink(request, next) }),
});
