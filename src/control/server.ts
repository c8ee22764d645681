// The control plane: Graph's synchronization API on /v1.0 and /beta, operations on /api, health and metrics.
import { randomUUID } from 'node:crypto';
import { LogController, fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { openAccess } from './access/access.ts';
import type { Access } from './access/access.ts';
import { configurationRoutes } from './api/configuration.ts';
import { cycleRoutes } from './api/cycles.ts';
import { jobsOverview } from './api/jobs.ts';
import { eventRoutes } from './api/events.ts';
import { escrowRoutes } from './api/escrows.ts';
import { heldRoutes } from './api/held.ts';
import { linkRoutes } from './api/links.ts';
import { notificationRoutes } from './api/notifications.ts';
import { probeRoutes } from './api/probe.ts';
import { schemaVersionRoutes } from './api/schema-versions.ts';
import { sessionRoutes } from './api/session.ts';
import { tokenRoutes } from './api/tokens.ts';
import type { UseCaseDeps } from '../cycle/use-cases/deps.ts';
import { auditLogRoutes } from './graph/audit-logs.ts';
import { bulkUploadRoutes } from './graph/bulk-upload.ts';
import { directoryRoutes } from './graph/directories.ts';
import { expressionRoutes } from './graph/expressions.ts';
import { jobRoutes } from './graph/jobs.ts';
import { normalizePath } from './graph/paths.ts';
import { onDemandRoutes } from './graph/provision-on-demand.ts';
import { schemaRoutes } from './graph/schema.ts';
import { secretRoutes } from './graph/secrets.ts';
import { templateRoutes } from './graph/templates.ts';
import { installAuthentication } from './http/authenticate.ts';
import { installBodies } from './http/body.ts';
import { installCloudMetadata } from './http/cloud-metadata.ts';
import { installErrors } from './http/errors.ts';
import { installForwarding } from './http/forward.ts';
import { graphVersions, installHeaders } from './http/headers.ts';
import { installMetrics } from './http/metrics.ts';
import { mountAll } from './http/mount.ts';
import type { CatalogueEntry, Resource } from './http/mount.ts';
import { openApi } from './http/openapi.ts';
import type { ServerOptions } from './options.ts';

/** Both ways to write it lead to the same resources. */
const roots = [
  '/servicePrincipals/:servicePrincipalId/synchronization',
  '/applications/:applicationId/synchronization',
];

/** The server, ready to be asked by `inject` or to be given to `listen`. Closing it closes what it forwards to. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    rewriteUrl: ({ url }) => normalizePath(url ?? '/'),
    routerOptions: { caseSensitive: false, maxParamLength: 500 },
    trustProxy: options.trustedProxies === undefined ? false : [...options.trustedProxies],
  });
  installHeaders(app);
  installErrors(app);
  const access = openAccess({ ...options.access, adminToken: options.adminToken }, () => options.deps.clock.now());
  installAuthentication(app, access);
  installBodies(app);
  installHealth(app, options);
  installMetrics(app, options);
  if (options.loginEndpoint !== undefined) installCloudMetadata(app, options.loginEndpoint);
  installResources(app, options, access);
  await installForwarding(app, options);
  await app.ready();
  return app;
}

function installResources(app: FastifyInstance, { deps, version, watch }: ServerOptions, access: Access): void {
  const catalogue: CatalogueEntry[] = [];
  const mounting = { catalogue, watch };
  for (const graph of graphVersions) {
    for (const root of roots) {
      mountAll(app, `/${graph}`, synchronizationRoutes(deps, root), mounting);
      // Keeps what does not exist here from being forwarded as a directory path.
      app.all(`/${graph}${root}/*`, (_request, reply) => reply.callNotFound());
    }
    mountAll(app, `/${graph}`, auditLogRoutes(deps), mounting);
  }
  mountAll(
    app,
    '/api',
    {
      ...jobsOverview(deps),
      ...cycleRoutes(deps),
      ...eventRoutes(app, deps),
      ...escrowRoutes(deps),
      ...linkRoutes(deps),
      ...heldRoutes(deps),
      ...probeRoutes(deps),
      ...notificationRoutes(deps),
      ...schemaVersionRoutes(deps),
      ...sessionRoutes(deps, access),
      ...tokenRoutes(deps, access.store),
      ...configurationRoutes(deps),
      ...description(catalogue, version),
    },
    mounting,
  );
}

const synchronizationRoutes = (deps: UseCaseDeps, root: string): Readonly<Record<string, Resource>> => ({
  ...secretRoutes(deps, root),
  ...jobRoutes(deps, root),
  ...onDemandRoutes(deps, root),
  ...schemaRoutes(deps, root),
  ...expressionRoutes(deps, root),
  ...directoryRoutes(deps, root),
  ...templateRoutes(deps, root),
  ...bulkUploadRoutes(deps, root),
});

const description = (catalogue: readonly CatalogueEntry[], version: string): Readonly<Record<string, Resource>> => ({
  '/openapi.json': {
    GET: {
      summary: 'This description.',
      role: 'reader',
      status: 200,
      answer: z.looseObject({ openapi: z.string() }),
      handle: () => Promise.resolve(openApi(catalogue, version)),
    },
  },
});

function installHealth(app: FastifyInstance, { ready, version }: ServerOptions): void {
  app.get('/healthz', { config: { public: true } }, () => ({ status: 'ok', version }));
  app.get('/readyz', { config: { public: true } }, async (_request, reply) => {
    const { ok, checks } = await ready();
    return reply.code(ok ? 200 : 503).send({ status: ok ? 'ready' : 'not ready', checks });
  });
}
