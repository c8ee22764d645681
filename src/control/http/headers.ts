// Headers that every answer carries: Graph's on its paths, request ids and browser safety everywhere.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { correlated } from '../../cycle/correlation.ts';

const ODATA_JSON = 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

const safety: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Graph's two versions; both have the same resources. */
export const graphVersions = ['v1.0', 'beta'] as const;
export type GraphVersion = (typeof graphVersions)[number];

/** `null` outside of Graph's paths. */
export const graphVersion = (request: FastifyRequest): GraphVersion | null =>
  graphVersions.find((version) => request.url === `/${version}` || request.url.startsWith(`/${version}/`)) ?? null;

/** The caller's own correlation id. */
export function clientRequestId(request: FastifyRequest): string | null {
  const given = request.headers['client-request-id'];
  return typeof given === 'string' && /^[\x21-\x7e]{1,128}$/.test(given) ? given : null;
}

export function installHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const clientId = clientRequestId(request);
    correlated({ requestId: request.id, ...(clientId === null ? {} : { clientRequestId: clientId }) }, done);
  });
  app.addHook('onSend', async (request, reply, payload: unknown) => {
    for (const [name, value] of Object.entries(safety)) if (!reply.hasHeader(name)) reply.header(name, value);
    if (!reply.hasHeader('request-id')) reply.header('request-id', request.id);
    const client = clientRequestId(request);
    if (client !== null && !reply.hasHeader('client-request-id')) reply.header('client-request-id', client);
    if (graphVersion(request) !== null && !reply.hasHeader('odata-version')) {
      reply.header('odata-version', '4.0');
      if (String(reply.getHeader('content-type')).startsWith('application/json'))
        reply.header('content-type', ODATA_JSON);
    }
    return Promise.resolve(payload);
  });
}
