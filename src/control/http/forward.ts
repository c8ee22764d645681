// Directory paths: forwarded to the mock directory, streaming both ways. Without one, a sentence says where they are served.
import { checkServerIdentity } from 'node:tls';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Agent, request as send } from 'undici';
import type { ServerOptions } from '../options.ts';
import { Problem } from './problem.ts';
import { graphVersions } from './headers.ts';

const roots = [
  'users',
  'groups',
  'directory',
  'directoryObjects',
  'applications',
  'applicationTemplates',
  'servicePrincipals',
  'organization',
] as const;
const reading = ['GET', 'HEAD'] as const;
const writing = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;

export async function installForwarding(
  app: FastifyInstance,
  options: Pick<ServerOptions, 'forward' | 'adminToken'>,
): Promise<void> {
  const handler = options.forward === undefined ? refuse : forwarder(app, options.forward, options.adminToken);
  await app.register((scope, _options, done) => {
    // Bodies pass through as they are.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, parsed) => parsed(null, payload));
    for (const version of graphVersions) {
      for (const path of roots.flatMap((root) => [`/${root}`, `/${root}/*`])) {
        scope.route({ method: [...reading], url: `/${version}${path}`, handler });
        scope.route({ method: [...writing], url: `/${version}${path}`, config: { role: 'admin' }, handler });
      }
      scope.post(`/${version}/$batch`, { config: { role: 'admin' } }, handler);
    }
    done();
  });
}

const refuse = (): never => {
  throw new Problem({
    status: 404,
    code: 'UnknownError',
    message:
      'Users, groups and applications of a real tenant are not served here: use https://graph.microsoft.com for them.',
  });
};

function forwarder(
  app: FastifyInstance,
  { url, caPem }: { readonly url: string; readonly caPem?: string },
  token: string,
) {
  const target = new URL(url);
  const agent = new Agent({
    connect: {
      ...(caPem === undefined || caPem === '' ? {} : { ca: caPem }),
      // The Host header is the caller's; the certificate is the mock's.
      checkServerIdentity: (_host: string, certificate) => checkServerIdentity(target.hostname, certificate),
    },
  });
  app.addHook('onClose', () => agent.close());
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const answer = await send(forwardedUrl(request, target), {
      dispatcher: agent,
      method: request.method as 'GET',
      headers: requestHeaders(request, token),
      body: hasBody(request) ? request.raw : null,
      signal: gone.signal,
    }).catch((error: unknown) => unreachable(url, error));
    for (const [name, value] of Object.entries(answer.headers))
      if (value !== undefined && !keptBack.has(name)) reply.header(name, value);
    return reply.code(answer.statusCode).send(answer.body);
  };
}

/** Below Graph's roots of the target, whatever the request line says: it carries our token. */
function forwardedUrl(request: FastifyRequest, target: URL): URL {
  const url = new URL(`${target.origin}/${request.originalUrl.replace(/^\/+/, '')}`);
  if (/^\/(v1\.0|beta)\//i.test(url.pathname)) return url;
  throw new Problem({
    status: 404,
    code: 'UnknownError',
    message: 'The path leads out of the directory. Write it without dots.',
  });
}

const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const keptBack: ReadonlySet<string> = new Set([
  'connection',
  // Sessions are nobody's business but ours.
  'cookie',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Host stays the caller's, because next links are made from it; the caller was authenticated here, so the token is ours. */
const requestHeaders = (request: FastifyRequest, token: string): Record<string, string | string[]> => ({
  ...Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      value === undefined || keptBack.has(name) ? [] : [[name, value] as const],
    ),
  ),
  authorization: `Bearer ${token}`,
  'x-forwarded-proto': request.protocol,
});

function unreachable(url: string, error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  throw new Problem({
    status: 503,
    code: 'serviceNotAvailable',
    message: `The mock directory at ${url} does not answer (${reason}). Check that it runs, then try again.`,
  });
}
