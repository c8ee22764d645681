// Headers that every answer carries: Graph's on its paths, request ids and browser safety everywhere.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { correlated } from '../../cycle/correlation.ts';

const ODATA_JSON = 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

const safety: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};
const overHttps = { 'strict-transport-security': 'max-age=31536000' };

/** What a page of ours may load: its own files. Its components write style elements. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');
const dataPolicy = "default-src 'none'; frame-ancestors 'none'";

function safetyOf(request: FastifyRequest, contentType: string): Readonly<Record<string, string>> {
  const policy = contentType.startsWith('text/html') ? pagePolicy : dataPolicy;
  return {
    ...safety,
    'content-security-policy': policy,
    ...(request.protocol === 'https' ? overHttps : {}),
  };
}

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
    const headers = safetyOf(request, String(reply.getHeader('content-type')));
    for (const [name, value] of Object.entries(headers)) if (!reply.hasHeader(name)) reply.header(name, value);
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
