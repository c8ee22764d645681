// The processes of Provisor: each function runs one until it is told to stop and answers its exit code.
// `runStart` is everything in one process; the others are its roles, for production.
import { once } from 'node:events';
import type { Settings } from '../config/settings.ts';
import { openApi } from './app/api.ts';
import { openEngine, openGround, openLogger, directoryEndpoint } from './app/engine.ts';
import type { Engine, Ground } from './app/engine.ts';
import { startHeartbeat, startNotifier, startScheduler, startWorker } from './app/roles.ts';
import { serveMetrics } from './app/metrics/serve.ts';
import { rotateKey } from './app/rotate-key.ts';
import { startEverything } from './app/start.ts';
import { embeddedPostgres } from './store/embedded/embedded-postgres.ts';
import { migrate } from './store/migrate/migrate.ts';
import { openStore } from './store/open-store.ts';

const STDERR = 2;

/** With `once` it ends after the first cycles: 0 when all are in step, 1 otherwise. */
export const runStart = (settings: Settings, options: { readonly once: boolean }): Promise<number> =>
  untilStopped((stopped) => startEverything(settings, options, stopped));

export const runApi = (settings: Settings): Promise<number> =>
  role(settings, async (engine) => {
    const api = await openApi(engine);
    process.stdout.write(`API: ${api.url} and ${api.tlsUrl}\n`);
    return [api];
  });

export const runWorker = (settings: Settings): Promise<number> =>
  role(settings, async (engine) => [startHeartbeat(engine), ...(await ownMetrics(engine)), await startWorker(engine)]);

export const runScheduler = (settings: Settings): Promise<number> =>
  role(settings, async (engine) => [
    startHeartbeat(engine),
    ...(await ownMetrics(engine)),
    await startScheduler(engine),
    await startWorker(engine),
  ]);

/** A process without an API shows its metrics on a port of its own, where one is set. */
const ownMetrics = async ({ settings, metrics }: Engine): Promise<readonly Part[]> =>
  settings.PROVISOR_METRICS_PORT === undefined
    ? []
    : [await serveMetrics(metrics, settings.HOST, settings.PROVISOR_METRICS_PORT)];

export const runNotifier = (settings: Settings): Promise<number> =>
  role(settings, async (engine) => [startHeartbeat(engine), ...(await ownMetrics(engine)), startNotifier(engine)]);

export async function runMigrate(settings: Settings): Promise<number> {
  return onDatabase(settings, async (databaseUrl) => {
    const applied = await migrate(databaseUrl);
    const names = applied.length === 0 ? 'nothing to do' : applied.join(', ');
    process.stdout.write(`Database schema is up to date (${names}).\n`);
  });
}

export async function runRotateKey(settings: Settings): Promise<number> {
  return onDatabase(settings, async (databaseUrl, ground) => {
    await migrate(databaseUrl);
    const store = await openStore({ databaseUrl, secretKey: ground.secretKeys });
    try {
      const { keyId, resealed } = await rotateKey(settings, ground, store);
      process.stdout.write(`Every secret is encrypted with key ${keyId} now; ${String(resealed)} had another one.\n`);
    } finally {
      await store.close();
    }
  });
}

async function onDatabase(
  settings: Settings,
  work: (databaseUrl: string, ground: Ground) => Promise<void>,
): Promise<number> {
  const ground = await openGround(settings);
  const embedded = settings.DATABASE_URL === undefined ? await embeddedPostgres(ground.dataDir) : null;
  try {
    await work(settings.DATABASE_URL ?? embedded?.url ?? '', ground);
    return 0;
  } finally {
    await embedded?.close();
  }
}

interface Part {
  close(): Promise<void>;
}

function role(settings: Settings, open: (engine: Engine) => Promise<readonly Part[]>): Promise<number> {
  return untilStopped(async (stopped) => {
    const ground = await openGround(settings);
    const engine = await openEngine(settings, ground, openLogger(settings, STDERR), directoryEndpoint(settings));
    try {
      const parts = await open(engine);
      if (!stopped.aborted) await once(stopped, 'abort');
      for (const part of parts.toReversed()) await part.close();
      return 0;
    } finally {
      await engine.close();
    }
  });
}

/** One Ctrl-C may arrive twice, from the terminal and from npm. */
const SAME_SIGNAL_MS = 1_000;

/** Ctrl-C and SIGTERM ask to stop cleanly; who asks again later ends the process at once. */
async function untilStopped(work: (stopped: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  let asked = 0;
  const stop = (): void => {
    if (asked > 0 && Date.now() - asked > SAME_SIGNAL_MS) process.exit(130);
    asked ||= Date.now();
    controller.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}
