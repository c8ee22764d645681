// The embedded PostgreSQL, in folders that only their owner may enter: as root that takes a way around.
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, lstat, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBinaries, platformPackage } from '../../src/store/embedded/binaries.ts';
import { embeddedPostgres } from '../../src/store/embedded/embedded-postgres.ts';
import type { EmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.ts';

let dataDir: string;
const servers: EmbeddedPostgres[] = [];
const users: ChildProcess[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'provisor-embedded-'));
});
afterEach(async () => {
  for (const user of users.splice(0)) user.kill('SIGKILL');
  for (const server of servers.splice(0)) await server.close();
  const leftOver = await postmasterPid();
  if (leftOver !== null) await (await embeddedPostgres(dataDir)).close();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(): Promise<EmbeddedPostgres> {
  const server = await embeddedPostgres(dataDir);
  servers.push(server);
  return server;
}
async function stop(server: EmbeddedPostgres): Promise<void> {
  servers.splice(servers.indexOf(server), 1);
  await server.close();
}
/** Another process that uses the server, in a process group of its own. */
async function startElsewhere(): Promise<{ readonly process: ChildProcess; readonly url: string }> {
  const script = join(import.meta.dirname, 'embedded-user.ts');
  const user = spawn(process.execPath, ['--import', 'tsx', script, dataDir], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  users.push(user);
  for await (const url of createInterface({ input: user.stdout })) return { process: user, url };
  throw new Error('the other process ended before it had a server');
}
async function query(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
async function postmasterPid(): Promise<number | null> {
  const text = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
  return text === '' ? null : Number(text.split('\n')[0]);
}
describe('the embedded PostgreSQL', () => {
  it('starts, keeps what was written, and stops', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS n');
    await stop(first);
    expect(await postmasterPid()).toBeNull();
    await expect(query(first.url, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
    const second = await start();
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
    expect(await query(second.url, `SELECT current_setting('server_encoding') AS e`)).toEqual([{ e: 'UTF8' }]);
  });

  it('asks for its password, listens on this machine only, and keeps the password to its owner', async () => {
    const { url } = await start();
    const wrong = Object.assign(new URL(url), { password: 'guess' });
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    expect(
      await query(
        url,
        `SELECT current_setting('listen_addresses') AS a, current_setting('unix_socket_directories') AS s`,
      ),
    ).toEqual([{ a: '127.0.0.1', s: '' }]);
    expect((await stat(join(dataDir, 'postgres-password'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(dataDir, 'postgres'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(dataDir, 'postgres'))).uid).not.toBe(0);
  });

  it('is shared by processes that start together, and stopped by the last one', async () => {
    const [here, again, there] = await Promise.all([start(), start(), startElsewhere()]);
    expect(new Set([here.url, again.url, there.url]).size).toBe(1);
    await stop(here);
    await stop(again);
    expect(await query(there.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    there.process.stdin?.end();
    await once(there.process, 'exit');
    expect(await postmasterPid()).toBeNull();
  });

  it('goes on when a process that uses it is killed, and is found by the next one, which stops it', async () => {
    const killed = await startElsewhere();
    const pid = await postmasterPid();
    killed.process.kill('SIGKILL');
    await once(killed.process, 'exit');
    const next = await start();
    expect(next.url).toBe(killed.url);
    expect(await postmasterPid()).toBe(pid);
    await stop(next);
    expect(await postmasterPid()).toBeNull();
  });

  it('is not hit by Ctrl-C in the terminal of Provisor', async () => {
    const there = await startElsewhere();
    process.kill(-(there.process.pid ?? 0), 'SIGINT');
    expect(await query(there.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    there.process.stdin?.end();
    await once(there.process, 'exit');
  });

  it('recovers when it was killed itself', async () => {
    const before = await start();
    await query(before.url, 'CREATE TABLE kept AS SELECT 42 AS n');
    process.kill((await postmasterPid()) ?? 0, 'SIGKILL');
    const after = await start();
    expect(await query(after.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
  });

  it.each([
    ['a process that is gone', 2 ** 22 - 3],
    ['another program', process.pid],
  ])('starts although postmaster.pid names %s', async (_, pid) => {
    await stop(await start());
    const file = join(dataDir, 'postgres', 'postmaster.pid');
    await writeFile(file, `${String(pid)}\n${join(dataDir, 'postgres')}\n1700000000\n1\n\n127.0.0.1\n0 0\nready   \n`);
    const { url } = await start();
    expect(await query(url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    expect(await postmasterPid()).not.toBe(pid);
  });

  it('throws away what a first start left behind that was killed half-way', async () => {
    const half = join(dataDir, 'postgres.new-half');
    await mkdir(join(half, 'base'), { recursive: true });
    await writeFile(join(half, 'PG_VERSION'), '18\n');
    await writeFile(`${half}.password`, 'old');
    await writeFile(join(dataDir, 'postgres-password'), '');
    await writeFile(join(dataDir, 'postgres.starting'), String(2 ** 22 - 3));
    const { url } = await start();
    expect(await query(url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    expect((await readdir(dataDir)).sort()).toEqual(['postgres', 'postgres-password', 'postgres.log']);
  });

  it('leaves a folder alone that is no cluster, and says so', async () => {
    await mkdir(join(dataDir, 'postgres'));
    await writeFile(join(dataDir, 'postgres', 'diary.txt'), 'mine');
    await expect(start()).rejects.toThrow(/is no PostgreSQL cluster\. Move it away, or set PROVISOR_DATA_DIR/);
    expect(await readdir(join(dataDir, 'postgres'))).toEqual(['diary.txt']);
  });
});

describe('the programs of the platform package', () => {
  it('run although npm ran no install script: the links between libraries are made', async () => {
    const root = join(dataDir, 'package');
    const isNoLink = async (path: string) => !(await lstat(path)).isSymbolicLink();
    await cp(platformPackage(), root, { recursive: true, filter: isNoLink });
    const { postgres } = await findBinaries(root);
    const { stdout } = await promisify(execFile)(postgres, ['--version']);
    expect(stdout).toMatch(/^postgres \(PostgreSQL\) \d+/);
  });
});
