// A whole engine for a test: mock tenant, SCIM simulator, database and API of its own, driven over HTTP as in life.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, fetch } from 'undici';
import { gallery } from '../../config/applications/gallery.ts';
import { readSettings } from '../../config/settings.ts';
import { openApi } from '../../src/app/api.ts';
import { directoryEndpoint, openEngine, openGround, openLogger } from '../../src/app/engine.ts';
import { startWorker } from '../../src/app/roles.ts';
import { ownCa } from '../../src/control/own-ca.ts';
import type { CycleCounts } from '../../src/rules/model/job.ts';
import { startMockEntra } from '../../src/simulators/mock-entra/start.ts';
import { startScimSimulator } from '../../src/simulators/scim/start.ts';
import type { ScimSimulator } from '../../src/simulators/scim/start.ts';
import { testDatabase } from './postgres.ts';

const TOKEN = 'a-token-for-tests-only';

export interface CycleAnswer {
  readonly id: string;
  readonly type: string;
  readonly state: string;
  readonly phase: string;
  readonly progress: { readonly done: number; readonly total: number };
  readonly counts: CycleCounts;
  readonly error?: { readonly code: string; readonly message: string } | null;
}
export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}
export interface TestEngine {
  readonly simulator: ScimSimulator;
  readonly jobId: string;
  readonly servicePrincipalId: string;
  readonly jobUrl: string;
  readonly databaseUrl: string;
  readonly url: string;
  readonly tlsUrl: string;
  readonly mockUrl: string;
  readonly tenantId: string;
  readonly caPem: string;
  /** The token that the simulator wants. */
  readonly targetToken: string;
  readonly adminToken: string;
  /** Makes an account in the application that Provisor knows nothing of. */
  simulatorAccount(userName: string): Promise<void>;
  /** Calls the engine's API; directory paths reach the mock through it. */
  call<T = unknown>(method: string, path: string, body?: unknown): Promise<Answer<T>>;
  /** The same, but anything other than 2xx fails the test. */
  ok<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
  /** Runs a cycle to its end; an incremental one unless told otherwise. */
  cycle(type?: 'initial' | 'incremental', options?: { dryRun?: boolean }): Promise<CycleAnswer>;
  mock(method: string, path: string, body?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

export interface TestEngineOptions {
  readonly users?: number;
  readonly groups?: number;
  readonly syncAll?: boolean;
  readonly redisUrl?: string;
}

export async function startTestEngine(options: TestEngineOptions = {}): Promise<TestEngine> {
  const dataDir = await mkdtemp(join(tmpdir(), 'provisor-test-'));
  const database = await testDatabase();
  const closers: (() => Promise<unknown>)[] = [
    () => rm(dataDir, { recursive: true, force: true }),
    () => database.drop(),
  ];
  const later = <T extends { close(): Promise<unknown> }>(part: T): T => {
    closers.push(() => part.close());
    return part;
  };
  const settings = readSettings({
    PORT: '0',
    TLS_PORT: '0',
    PROVISOR_DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    PROVISOR_LOG_LEVEL: 'warn',
    ...(options.redisUrl === undefined ? {} : { REDIS_URL: options.redisUrl }),
  });
  const ground = await openGround(settings);
  const { users = 60, groups = 8 } = options;
  const tls = await ownCa(dataDir);
  const mock = later(
    await startMockEntra({
      port: 0,
      users,
      groups,
      seed: 7,
      dataDir: join(dataDir, 'mock'),
      tls,
      acceptToken: ground.adminToken,
      applicationTemplates: gallery,
    }),
  );
  const simulator = later(await startScimSimulator({ port: 0, token: TOKEN }));
  const engine = later(
    await openEngine(
      settings,
      ground,
      openLogger(settings, join(dataDir, 'test.log')),
      directoryEndpoint(settings, mock.url),
    ),
  );
  const api = later(await openApi(engine));
  later(await startWorker(engine));
  const http = caller(api.url, ground.adminToken);
  const dispatcher = new Agent({ connect: { ca: tls.caPem } });
  closers.push(() => dispatcher.close());
  const mockHttp = caller(mock.url, ground.adminToken, dispatcher);
  const ok = async <T>(method: string, path: string, body?: unknown): Promise<T> =>
    insist<T>(await http<T>(method, path, body), method, path);
  const { jobId, servicePrincipalId } = await setUpJob(ok, simulator, options.syncAll ?? true);
  return {
    simulator,
    jobId,
    servicePrincipalId,
    jobUrl: `/v1.0/servicePrincipals/${servicePrincipalId}/synchronization/jobs/${jobId}`,
    databaseUrl: database.url,
    url: api.url,
    tlsUrl: api.tlsUrl,
    mockUrl: mock.url,
    tenantId: mock.tenantId,
    caPem: tls.caPem,
    targetToken: TOKEN,
    adminToken: ground.adminToken,
    simulatorAccount: async (userName) => {
      const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User'];
      insist(
        await caller(simulator.url, TOKEN)('POST', '/Users', { schemas, userName, active: true }),
        'POST',
        '/Users',
      );
    },
    call: http,
    ok,
    cycle: (type = 'incremental', { dryRun = false } = {}) => runToEnd(ok, jobId, { type, dryRun }),
    mock: async (method, path, body) => insist(await mockHttp(method, path, body), method, path),
    close: async () => {
      for (const close of closers.reverse()) await close();
    },
  };
}

type Ok = <T = unknown>(method: string, path: string, body?: unknown) => Promise<T>;

async function setUpJob(ok: Ok, simulator: ScimSimulator, syncAll: boolean) {
  const made = await ok<{ servicePrincipal: { id: string } }>(
    'POST',
    '/v1.0/applicationTemplates/8adf8e6e-67b2-4cf2-a259-e3dc5476c621/instantiate',
    { displayName: 'Test application' },
  );
  const servicePrincipalId = made.servicePrincipal.id;
  const root = `/v1.0/servicePrincipals/${servicePrincipalId}/synchronization`;
  await ok('PUT', `${root}/secrets`, {
    value: [
      { key: 'BaseAddress', value: simulator.url },
      { key: 'SecretToken', value: TOKEN },
      { key: 'SyncAll', value: String(syncAll) },
    ],
  });
  const job = await ok<{ id: string }>('POST', `${root}/jobs`, { templateId: 'scim' });
  return { jobId: job.id, servicePrincipalId };
}

/** Polls until the cycle has ended; the test's own time limit bounds it. */
export async function runToEnd(
  ok: Ok,
  jobId: string,
  request: { type: string; dryRun: boolean },
): Promise<CycleAnswer> {
  const { id } = await ok<{ id: string }>('POST', `/api/jobs/${jobId}/cycles`, request);
  for (;;) {
    const cycle = await ok<CycleAnswer>('GET', `/api/cycles/${id}`);
    if (cycle.state !== 'queued' && cycle.state !== 'running') return cycle;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function caller(url: string, token: string, dispatcher?: Agent) {
  return async <T = unknown>(method: string, path: string, body?: unknown): Promise<Answer<T>> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(dispatcher === undefined ? {} : { dispatcher }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as T };
  };
}

function insist<T>({ status, body }: Answer<T>, method: string, path: string): T {
  if (status >= 200 && status < 300) return body;
  throw new Error(`${method} ${path} answered ${String(status)}: ${JSON.stringify(body)}`);
}
