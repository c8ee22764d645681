// Provisor as processes, started through the same bootstrap as the npm scripts, and ended whatever a test does.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { caller } from './engine.ts';

const folders: string[] = [];
const runs: Run[] = [];

export interface Run {
  readonly child: ChildProcess;
  /** Everything it printed so far. */
  output(): string;
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
}

export async function dataDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'provisor-process-'));
  folders.push(folder);
  return folder;
}

/** Ports are free ones unless `env` names others; nothing else of the environment is passed on. */
export function provisor(args: readonly string[], env: Readonly<Record<string, string>>): Run {
  const inherited = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' };
  const child = spawn(process.execPath, ['src/cli/bootstrap.mjs', ...args], {
    env: { ...inherited, PORT: '0', TLS_PORT: '0', MOCK_ENTRA_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
  const run = { child, output: () => output, ended };
  runs.push(run);
  return run;
}

/** Asks every process to stop, and ends those that do not; then removes their folders. */
export async function stopEverything(): Promise<void> {
  const alive = runs.splice(0).filter(({ child }) => child.exitCode === null && child.signalCode === null);
  for (const { child } of alive) child.kill('SIGTERM');
  const deadline = setTimeout(() => {
    for (const { child } of alive) child.kill('SIGKILL');
  }, 15_000);
  await Promise.all(alive.map(({ ended }) => ended));
  clearTimeout(deadline);
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
}

/** Polls; the time limit of the test bounds it. */
export async function until<T>(find: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export type Call = ReturnType<typeof caller>;

/** The API of the engine that runs in process `pid`, once it listens. */
export function engineAt(folder: string, pid: number | undefined): Call | undefined {
  const file = join(folder, 'engine.json');
  if (!existsSync(file)) return undefined;
  const engine = JSON.parse(readFileSync(file, 'utf8')) as { url: string; pid: number };
  return engine.pid === pid ? caller(engine.url, readFileSync(join(folder, 'admin-token'), 'utf8').trim()) : undefined;
}

/** Sets an application and its job up, as an administrator would, and starts the job. */
export async function startJob(call: Call, target: string, token: string): Promise<string> {
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

/** Everything a simulator holds. */
export const state = async (target: string) =>
  (await (await fetch(new URL('/simulator/state', target))).json()) as { users: { userName: string }[] };

export async function count(target: string, token: string, type: 'Users' | 'Groups'): Promise<number> {
  const answer = await fetch(`${target}/${type}?count=1`, { headers: { authorization: `Bearer ${token}` } });
  return ((await answer.json()) as { totalResults: number }).totalResults;
}
