// Graph's collections: context, next link, and counts as plain text.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JsonObject } from '../../rules/model/json.ts';
import { contextUrl } from './paths.ts';

export const collection = (request: FastifyRequest, fragment: string, value: readonly JsonObject[]): JsonObject => ({
  '@odata.context': contextUrl(request, fragment),
  value,
});

export const entity = (request: FastifyRequest, fragment: string, value: JsonObject): JsonObject => ({
  '@odata.context': contextUrl(request, fragment),
  ...value,
});

export const plainCount = (reply: FastifyReply, count: number): FastifyReply =>
  reply.type('text/plain; charset=utf-8').send(String(count));

/** The request itself, further on, as the caller reached it. */
export function nextLink(request: FastifyRequest, cursor: string): string {
  const url = new URL(`${request.protocol}://${request.host}${request.originalUrl}`);
  url.searchParams.delete('skiptoken');
  url.searchParams.set('$skiptoken', cursor);
  return url.toString();
}
