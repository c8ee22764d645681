// The commands a newcomer types, as processes: the demo, and what is left after kill -9 in the middle of it.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { caller } from '../support/engine.ts';
import { testDatabase } from '../support/postgres.ts';

const folders: string[] = [];
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0))
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function dataDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'provisor-cli-'));
  folders.push(folder);
  return folder;
}

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; output: string }>;
}
function provisor(args: readonly string[], env: Readonly<Record<string, string>>): Run {
  const child = spawn(process.execPath, ['src/cli/bootstrap.mjs', ...args], {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      PORT: '0',
      TLS_PORT: '0',
      MOCK_ENTRA_PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, output })) };
}

async function until<T>(find: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('npm start', () => {
  it('with --once sets the demo up, brings it in step and ends with 0; a second run finds nothing to do', async () => {
    const env = { PROVISOR_DATA_DIR: await dataDir(), MOCK_ENTRA_USERS: '120', MOCK_ENTRA_GROUPS: '10' };
    const first = await provisor(['start', '--once'], env).ended;
    expect(first.output).toContain('Contoso Intranet');
    expect(first.output).toMatch(/Contoso Intranet\s+succeeded\s+1\d\d/);
    expect(first.code).toBe(0);
    const second = await provisor(['start', '--once'], env).ended;
    expect(second.output).toMatch(/Contoso Intranet\s+succeeded\s+0\s+0\s+0\s+0\s+0/);
    expect(second.code).toBe(0);
  });

  it('invariant 6: killed in the middle of an initial cycle it resumes, and every user exists exactly once', async () => {
    const folder = await dataDir();
    const env = {
      PROVISOR_DATA_DIR: folder,
      MOCK_ENTRA_USERS: '900',
      MOCK_ENTRA_GROUPS: '12',
      PROVISOR_TARGET_CONCURRENCY: '2',
    };
    const simulator = provisor(['simulate', 'generic', '--port', '0'], { ...env, PROVISOR_DATA_DIR: await dataDir() });
    let said = '';
    simulator.child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const target = await until(() => /(http:\/\/\S+\/scim)/.exec(said)?.[1]);
    const token = await until(() => /[Tt]oken\S*\s+(\S+)/.exec(said)?.[1]);

    const quiet = { ...env, PROVISOR_DEMO: 'off' };
    const running = provisor(['start'], quiet);
    const api = await until(() => engineAt(folder, running.child.pid));
    const jobId = await startJob(api, target, token);
    await until(async () => ((await count(target, token, 'Users')) > 150 ? true : undefined));
    running.child.kill('SIGKILL');
    await running.ended;
    expect(await count(target, token, 'Users')).toBeLessThan(850);

    const again = provisor(['start'], quiet);
    const resumed = await until(() => engineAt(folder, again.child.pid));
    await until(async () => {
      const cycles = await resumed<{ value: { state: string }[] }>('GET', `/api/jobs/${jobId}/cycles`);
      return cycles.body.value.some(({ state }) => state === 'succeeded') ? true : undefined;
    });
    const users = await resumed<{ value: { userPrincipalName: string; accountEnabled: boolean }[] }>(
      'GET',
      '/v1.0/users?$top=999&$select=userPrincipalName,accountEnabled',
    );
    const expected = users.body.value.filter(({ accountEnabled }) => accountEnabled).length;
    const accounts = (await state(target)).users.map(({ userName }) => userName.toLowerCase());
    expect(accounts).toHaveLength(expected);
    expect(new Set(accounts).size).toBe(expected);
    again.child.kill('SIGTERM');
    expect((await again.ended).code).toBe(0);
  });

  it('says in one sentence that a chosen port is taken, and that the database is down', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = address !== null && typeof address === 'object' ? String(address.port) : '';
    const database = await testDatabase();
    const common = { PROVISOR_DATA_DIR: await dataDir(), MOCK_ENTRA_USERS: '5', MOCK_ENTRA_GROUPS: '1' };
    const busy = await provisor(['start', '--once'], { ...common, PORT: port, DATABASE_URL: database.url }).ended;
    taken.close();
    await database.drop();
    expect(busy.code).toBe(1);
    expect(busy.output).toContain(port);
    expect(busy.output).toContain('PORT');
    expect(busy.output).not.toContain('    at ');

    const down = await provisor(['start', '--once'], {
      ...common,
      DATABASE_URL: 'postgres://somebody:hush-hush@127.0.0.1:1/nowhere',
    }).ended;
    expect(down.code).toBe(1);
    expect(down.output).toContain('127.0.0.1:1');
    expect(down.output).not.toContain('hush-hush');
    expect(down.output).not.toContain('    at ');
  });
});

type Call = ReturnType<typeof caller>;

/** The API of the engine that runs in process `pid`, once it listens. */
function engineAt(folder: string, pid: number | undefined): Call | undefined {
  const file = join(folder, 'engine.json');
  if (!existsSync(file)) return undefined;
  const engine = JSON.parse(readFileSync(file, 'utf8')) as { url: string; pid: number };
  return engine.pid === pid ? caller(engine.url, readFileSync(join(folder, 'admin-token'), 'utf8').trim()) : undefined;
}

async function startJob(call: Call, target: string, token: string): Promise<string> {
  const made = await call<{ servicePrincipal: { id: string } }>(
    'POST',
    '/v1.0/applicationTemplates/8adf8e6e-67b2-4cf2-a259-e3dc5476c621/instantiate',
    { displayName: 'Crash test' },
  );
  const root = `/v1.0/servicePrincipals/${made.body.servicePrincipal.id}/synchronization`;
  const secrets = { BaseAddress: target, SecretToken: token, SyncAll: 'true' };
  await call('PUT', `${root}/secrets`, { value: Object.entries(secrets).map(([key, value]) => ({ key, value })) });
  const job = await call<{ id: string }>('POST', `${root}/jobs`, { templateId: 'scim' });
  await call('POST', `${root}/jobs/${job.body.id}/start`);
  return job.body.id;
}

const state = async (target: string) =>
  (await (await fetch(new URL('/simulator/state', target))).json()) as { users: { userName: string }[] };

async function count(target: string, token: string, type: 'Users' | 'Groups'): Promise<number> {
  const answer = await fetch(`${target}/${type}?count=1`, { headers: { authorization: `Bearer ${token}` } });
  return ((await answer.json()) as { totalResults: number }).totalResults;
}
