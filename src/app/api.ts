// Opens the API for an engine: http and https, with the directory forwarded when it is the mock.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { directoryTokens } from '../control/directory-tokens.ts';
import { listen } from '../control/listen.ts';
import { ownCa } from '../control/own-ca.ts';
import { createServer } from '../control/server.ts';
import type { Engine } from './engine.ts';
import { portFor } from './ports.ts';
import { VERSION } from './version.ts';

export interface Api {
  readonly url: string;
  readonly tlsUrl: string;
  close(): Promise<void>;
}

export async function openApi(engine: Engine): Promise<Api> {
  const { settings, deps, dataDir, adminToken, directory, logger, caPem } = engine;
  const { clientId } = directory;
  const server = await createServer({
    deps,
    adminToken,
    verifyToken: directoryTokens({
      authorityHost: directory.authorityHost,
      tenantId: directory.tenantId,
      audiences: directory.mock ? null : clientId === undefined ? [] : [clientId, `api://${clientId}`],
      caPem,
    }),
    ...(directory.mock ? { forward: { url: directory.graphBaseUrl, caPem: caPem ?? '' } } : {}),
    logger,
    version: VERSION,
    ready: () => readiness(engine),
  });
  const tls = await certificate(engine);
  const [port, tlsPort] = [await portFor(settings, 'PORT'), await portFor(settings, 'TLS_PORT')];
  const listening = await listen(server, { host: settings.HOST, port, tlsPort, tls });
  const { url, tlsUrl } = listening;
  await writeFile(join(dataDir, 'engine.json'), JSON.stringify({ url, tlsUrl, pid: process.pid }));
  return { url, tlsUrl: tlsUrl ?? url, close: () => listening.close() };
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
