// Opens the API for an engine: http and https, with the directory forwarded when it is the mock.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AccessOptions } from '../control/access/access.ts';
import { PUBLIC_AUTHORITY, directoryTokens } from '../control/directory-tokens.ts';
import { listen } from '../control/listen.ts';
import { ownCa } from '../control/own-ca.ts';
import type { MetricsPage } from '../control/options.ts';
import { createServer } from '../control/server.ts';
import type { Engine } from './engine.ts';
import { describeDatabase } from './metrics/from-database.ts';
import { portFor } from './ports.ts';
import { VERSION } from './version.ts';

export interface Api {
  readonly url: string;
  readonly tlsUrl: string;
  close(): Promise<void>;
}

/** Where the API of this data directory listens, for the command line. */
const RUNNING = 'engine.json';

/** Throws when an engine with this data directory answers already: two would share ports, journal and simulators. */
export async function refuseSecond(dataDir: string): Promise<void> {
  const noted = await readFile(join(dataDir, RUNNING), 'utf8').catch(() => null);
  if (noted === null) return;
  const { url, pid } = JSON.parse(noted) as { url: string; pid: number };
  const answers = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
  if (!answers) return;
  throw new Error(
    `Provisor runs already with the data directory ${dataDir}: process ${String(pid)} at ${url}. Stop it first, or set PROVISOR_DATA_DIR to another folder.`,
  );
}

export async function openApi(engine: Engine): Promise<Api> {
  const { settings, deps, dataDir, adminToken, directory, logger, caPem } = engine;
  const server = await createServer({
    deps,
    adminToken,
    loginEndpoint: directory.authorityHost ?? PUBLIC_AUTHORITY,
    access: accessOptions(engine),
    ...(settings.PROVISOR_TRUSTED_PROXIES === undefined ? {} : { trustedProxies: settings.PROVISOR_TRUSTED_PROXIES }),
    ...(directory.mock ? { forward: { url: directory.graphBaseUrl, caPem: caPem ?? '' } } : {}),
    logger,
    metrics: metricsPage(engine),
    version: VERSION,
    ready: () => readiness(engine),
  });
  const tls = await certificate(engine);
  const [port, tlsPort] = [await portFor(settings, 'PORT'), await portFor(settings, 'TLS_PORT')];
  const listening = await listen(server, { host: settings.HOST, port, tlsPort, tls });
  const { url, tlsUrl } = listening;
  await writeFile(join(dataDir, RUNNING), JSON.stringify({ url, tlsUrl, pid: process.pid }));
  const close = async (): Promise<void> => {
    await rm(join(dataDir, RUNNING), { force: true });
    await listening.close();
  };
  return { url, tlsUrl: tlsUrl ?? url, close };
}

function metricsPage({ metrics, store, queue, deps }: Engine): MetricsPage {
  const sources = {
    figures: store.figures,
    depths: () => queue.depths(),
    secrets: deps.secrets,
    now: () => deps.clock.now(),
  };
  metrics.beforeEach(() => describeDatabase(metrics, sources));
  return {
    contentType: metrics.contentType,
    text: () => metrics.text(),
    answered: ({ method, route, status, seconds }) => {
      metrics.count('provisor_http_requests_total', { method, route, status });
      metrics.observe('provisor_http_request_duration_seconds', { method, route }, seconds);
    },
  };
}

function accessOptions({ settings, store, directory, caPem }: Engine): Omit<AccessOptions, 'adminToken'> {
  const { clientId, authorityHost, tenantId, mock } = directory;
  const {
    PROVISOR_OIDC_ISSUER: issuer,
    PROVISOR_OIDC_CLIENT_ID: openIdClient = '',
    PROVISOR_OIDC_CLIENT_SECRET: clientSecret = '',
  } = settings;
  return {
    store: store.access,
    verifyToken: directoryTokens({
      authorityHost,
      tenantId,
      audiences: mock ? null : clientId === undefined ? [] : [clientId, `api://${clientId}`],
      caPem,
    }),
    ...(issuer === undefined
      ? {}
      : { openId: { issuer, clientId: openIdClient, clientSecret, roles: settings.PROVISOR_OIDC_ROLES, caPem } }),
    rules: {
      mostFailures: settings.PROVISOR_SIGN_IN_FAILURES,
      idleSeconds: settings.PROVISOR_SESSION_IDLE,
      longestSeconds: settings.PROVISOR_SESSION_LONGEST,
    },
  };
}

async function certificate({ settings, dataDir }: Engine): Promise<{ cert: string; key: string }> {
  if (settings.TLS_CERT === undefined || settings.TLS_KEY === undefined) return ownCa(dataDir);
  const [cert, key] = await Promise.all([readPem('TLS_CERT', settings.TLS_CERT), readPem('TLS_KEY', settings.TLS_KEY)]);
  return { cert, key };
}
const readPem = async (setting: string, path: string): Promise<string> =>
  readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Error(`${setting} names ${path}, which cannot be read.`, { cause });
  });

async function readiness({ store }: Engine) {
  const database = await store.ping().then(
    () => 'ok',
    () => 'PostgreSQL does not answer: check that it is up and that DATABASE_URL is right.',
  );
  return { ok: database === 'ok', checks: { database } };
}
