// The one place where the parts meet: settings in, a wired engine out. Everything opened here is closed by close().
import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { pino } from 'pino';
import type { Logger } from 'pino';
import type { Settings } from '../../config/settings.ts';
import { usesMock } from '../../config/settings.ts';
import { findTemplate, jobTemplates } from '../../config/applications/index.ts';
import type { UseCaseDeps } from '../cycle/use-cases/deps.ts';
import { correlation } from '../cycle/correlation.ts';
import { directoryCredential } from '../directory/credential.ts';
import { graphDirectory } from '../directory/graph-directory.ts';
import type { GraphDirectory } from '../directory/graph-directory.ts';
import { openChannels } from '../notify/open-channels.ts';
import { openQueue } from '../queue/open-queue.ts';
import type { ProvisorQueue } from '../queue/open-queue.ts';
import { embeddedPostgres } from '../store/embedded/embedded-postgres.ts';
import { migrate } from '../store/migrate/migrate.ts';
import { openStore } from '../store/open-store.ts';
import { fingerprinter } from '../store/secrets/fingerprint.ts';
import type { Store } from '../store/open-store.ts';
import { scimTargets } from '../target/scim-targets.ts';
import { checkTenantUrl } from '../target/tenant-url.ts';
import { channelSettings } from './channel-settings.ts';
import { openDataDir, openKeys } from './data-dir.ts';
import type { Keys } from './data-dir.ts';
import { directoryObserver, measured, targetObserver } from './metrics/measured.ts';
import { openMetrics } from './metrics/registry.ts';
import type { Metrics } from './metrics/registry.ts';
import { MOCK_TENANT_ID } from '../simulators/mock-entra/start.ts';
import { VERSION } from './version.ts';

/** Where users and groups are read. */
export interface DirectoryEndpoint {
  readonly tenantId: string;
  readonly authorityHost: string | undefined;
  readonly graphBaseUrl: string;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** The mock stands in for the tenant: directory calls to the API are forwarded to it. */
  readonly mock: boolean;
}

export interface Engine {
  readonly settings: Settings;
  readonly dataDir: string;
  readonly adminToken: string;
  readonly logger: Logger;
  readonly directory: DirectoryEndpoint;
  readonly deps: UseCaseDeps;
  readonly store: Store;
  readonly queue: ProvisorQueue;
  readonly caPem: string | undefined;
  readonly metrics: Metrics;
  /** Closes in the order that lets what is open finish its work. */
  close(): Promise<void>;
}

export interface Ground extends Keys {
  readonly dataDir: string;
}
export async function openGround(settings: Settings): Promise<Ground> {
  const dataDir = await openDataDir(settings.PROVISOR_DATA_DIR);
  const keys = await openKeys(dataDir, {
    adminToken: settings.PROVISOR_ADMIN_TOKEN,
    secretKey: settings.PROVISOR_SECRET_KEY,
    earlierKeys: settings.PROVISOR_SECRET_KEY_PREVIOUS,
  });
  return { dataDir, ...keys };
}

/** JSON lines; secrets never reach it, and what is known to be one is redacted all the same. */
export function openLogger(settings: Settings, destination: string | 2): Logger {
  const paths = ['token', 'secret', 'authorization', '*.token', '*.secret', '*.authorization', 'headers.authorization'];
  return pino(
    // Every line says which cycle, page, change or request it belongs to.
    { level: settings.PROVISOR_LOG_LEVEL, redact: paths, mixin: correlation },
    pino.destination({ dest: destination, sync: false }),
  );
}

export function directoryEndpoint(settings: Settings, mockUrl?: string): DirectoryEndpoint {
  if (usesMock(settings)) {
    const url = mockUrl ?? `https://localhost:${String(settings.MOCK_ENTRA_PORT)}`;
    return {
      tenantId: MOCK_TENANT_ID,
      authorityHost: url,
      graphBaseUrl: url,
      clientId: 'provisor',
      clientSecret: 'provisor',
      mock: true,
    };
  }
  return {
    tenantId: settings.AZURE_TENANT_ID ?? MOCK_TENANT_ID,
    authorityHost: settings.AZURE_AUTHORITY_HOST,
    graphBaseUrl: settings.GRAPH_BASE_URL ?? 'https://graph.microsoft.com',
    clientId: settings.AZURE_CLIENT_ID,
    clientSecret: settings.AZURE_CLIENT_SECRET,
    mock: settings.AZURE_TENANT_ID === undefined || isLocalMock(settings),
  };
}
/** `provisor mock-entra` in a container of its own is named by GRAPH_BASE_URL; Microsoft's clouds never are a mock. */
const isLocalMock = ({ GRAPH_BASE_URL: url }: Settings): boolean =>
  url !== undefined &&
  !/\.(microsoft\.com|microsoft\.us|microsoftgraph\.chinacloudapi\.cn)$/.test(new URL(url).hostname);

export async function openEngine(
  settings: Settings,
  ground: Ground,
  logger: Logger,
  directory: DirectoryEndpoint,
): Promise<Engine> {
  const closers: (() => Promise<void>)[] = [];
  const opened = <T extends { close(): Promise<void> }>(part: T): T => {
    closers.unshift(() => part.close());
    return part;
  };
  const close = async (): Promise<void> => {
    for (const closeOne of closers.splice(0)) await closeOne();
  };
  const metrics = openMetrics();
  try {
    const database = settings.DATABASE_URL ?? opened(await embeddedPostgres(ground.dataDir)).url;
    await migrate(database);
    const store = opened(await openStore({ databaseUrl: database, secretKey: ground.secretKeys, logger }));
    const queue = opened(
      await openQueue({
        databaseUrl: database,
        ...(settings.REDIS_URL === undefined ? {} : { redisUrl: settings.REDIS_URL }),
        // Several installations may share one Redis: each keeps to the name of its database.
        prefix: `provisor.${new URL(database).pathname.slice(1)}`,
        logger,
      }),
    );
    const caPem = await trustedCertificates(ground.dataDir, directory, settings.NODE_EXTRA_CA_CERTS);
    metrics.beforeEach(() => showPool(metrics, store));
    const reader = opened(openDirectory({ endpoint: directory, store, caPem, logger, settings, metrics }));
    const allowPrivate = settings.PROVISOR_ALLOW_PRIVATE_TARGETS ?? directory.mock;
    const targets = opened(openTargets({ settings, allowPrivate, logger, metrics }));
    const channels = opened(openChannels(channelSettings(settings, VERSION)));
    const deps: UseCaseDeps = {
      ...chance,
      fingerprint: fingerprinter(ground.secretKey),
      directory: rememberingNames(reader, store, directory.tenantId),
      targets,
      queue,
      logger,
      ...measured(metrics, kept(store)),
      channels,
      publicUrl: settings.PROVISOR_PUBLIC_URL ?? null,
      tenantId: directory.tenantId,
      defaultIntervalSeconds: settings.PROVISOR_CYCLE_INTERVAL,
      templates: { find: findTemplate, list: () => jobTemplates },
      checkTenantUrl: (url, what) => checkTenantUrl(url, allowPrivate, what),
      servicePrincipalByAppId: (appId) => reader.servicePrincipalByAppId(appId),
      servicePrincipalsNamed: (displayName) => reader.servicePrincipalsNamed(displayName),
      servicePrincipalOfApplication: (id) => reader.servicePrincipalOfApplication(id),
    };
    return { settings, ...ground, logger, directory, deps, store, queue, caPem, metrics, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const kept = ({ jobs, secrets, cycles, escrows, provisioning, held, listings, links, logs, feed, events }: Store) => ({
  jobs,
  secrets,
  cycles,
  escrows,
  provisioning,
  held,
  listings,
  links,
  logs,
  feed,
  events,
});

/** A new application has its name at once, not only after the first cycle. */
const rememberingNames = (reader: GraphDirectory, store: Store, tenantId: string): UseCaseDeps['directory'] => ({
  refresh: (request) => reader.refresh(request),
  readObjects: (request) => reader.readObjects(request),
  servicePrincipal: async (id) => {
    const found = await reader.servicePrincipal(id);
    if (found !== null) await store.mirror.saveServicePrincipal(tenantId, found);
    return found;
  },
});

const chance = {
  clock: { now: () => new Date() },
  newId: randomUUID,
  random: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
};

interface TargetParts {
  readonly settings: Settings;
  readonly allowPrivate: boolean;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

const openTargets = ({ settings, allowPrivate, logger, metrics }: TargetParts) =>
  scimTargets({
    userAgent: `Provisor/${VERSION}`,
    allowPrivate,
    concurrency: settings.PROVISOR_TARGET_CONCURRENCY,
    logger,
    observer: targetObserver(metrics),
    correlation,
  });

interface DirectoryParts {
  readonly endpoint: DirectoryEndpoint;
  readonly store: Store;
  readonly caPem: string | undefined;
  readonly logger: Logger;
  readonly settings: Settings;
  readonly metrics: Metrics;
}

function openDirectory({ endpoint, store, caPem, logger, settings, metrics }: DirectoryParts) {
  const credential = directoryCredential({
    tenantId: endpoint.tenantId,
    ...defined({
      clientId: endpoint.clientId,
      clientSecret: endpoint.clientSecret,
      authorityHost: endpoint.authorityHost,
      certificatePath: settings.AZURE_CLIENT_CERTIFICATE_PATH,
      federatedTokenFile: settings.AZURE_FEDERATED_TOKEN_FILE,
      caPem,
    }),
  });
  return graphDirectory({
    tenantId: endpoint.tenantId,
    credential,
    graphBaseUrl: endpoint.graphBaseUrl,
    ...defined({ caPem }),
    mirror: store.mirror,
    now: () => new Date(),
    logger,
    userAgent: `Provisor/${VERSION}`,
    observer: directoryObserver(metrics),
  });
}

function showPool(metrics: Metrics, store: Store): void {
  for (const [state, count] of Object.entries<number>({ ...store.pool() }))
    metrics.set('provisor_db_pool_connections', { state }, count);
}

/** Microsoft's hosts are trusted as the system trusts them; a mock presents a certificate of our own CA, or of another's. */
async function trustedCertificates(dataDir: string, { mock }: DirectoryEndpoint, extra: string | undefined) {
  if (!mock) return undefined;
  const files = [join(dataDir, 'ca.pem'), ...(extra === undefined ? [] : [extra])];
  const own = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  return [...rootCertificates, ...own].join('\n');
}

function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
