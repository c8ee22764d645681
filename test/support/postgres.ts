// A PostgreSQL database of its own for a test, with all tables in it. The server is the one in DATABASE_URL, else one on
// this machine that lets root or postgres in, else an embedded one that the whole test run shares.
import { createHash, randomUUID } from 'node:crypto';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { embeddedPostgres } from '../../src/store/embedded/embedded-postgres.ts';
import { migrate } from '../../src/store/migrate/migrate.ts';
import { readMigrations } from '../../src/store/migrate/migrations.ts';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}
interface Server {
  readonly url: string;
  release(): Promise<void>;
}

/** `empty`: without tables. */
export async function testDatabase(options: { readonly empty?: boolean } = {}): Promise<TestDatabase> {
  const server = await useServer();
  const template = options.empty === true ? 'template0' : await templateOn(server.url);
  const name = `provisor_test_${randomUUID().replaceAll('-', '')}`;
  await onDatabase(server.url, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  return {
    url: databaseUrl(server.url, name),
    drop: async () => {
      await onDatabase(server.url, (client) => dropDatabase(client, name));
      await server.release();
    },
  };
}

const databaseUrl = (serverUrl: string, name: string): string =>
  Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;

async function onDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Pools that were just closed are let go first: a connection that is cut then would be an error in the test. */
async function dropDatabase(client: pg.Client, name: string): Promise<void> {
  const until = Date.now() + 2_000;
  const connections = async () =>
    (await client.query('SELECT 1 FROM pg_stat_activity WHERE datname = $1', [name])).rowCount ?? 0;
  while ((await connections()) > 0 && Date.now() < until) await pause(10);
  await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

const templates = new Map<string, Promise<string>>();

/** A migrated database to copy, one for each set of migrations; whoever comes first makes it. */
function templateOn(serverUrl: string): Promise<string> {
  const made = templates.get(serverUrl) ?? makeTemplate(serverUrl);
  templates.set(serverUrl, made);
  return made;
}

async function makeTemplate(serverUrl: string): Promise<string> {
  const digest = createHash('sha256')
    .update(JSON.stringify(await readMigrations()))
    .digest('hex')
    .slice(0, 16);
  const name = `provisor_template_${digest}`;
  await onDatabase(serverUrl, async (client) => {
    await client.query(`SELECT pg_advisory_lock(hashtext('provisor test template'))`);
    if ((await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])).rowCount !== 0) return;
    const draft = `${name}_draft`;
    await client.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${draft}`);
    await migrate(databaseUrl(serverUrl, draft));
    await client.query(`ALTER DATABASE ${draft} RENAME TO ${name}`);
  });
  return name;
}

let server: Promise<Server> | undefined;
let users = 0;

async function useServer(): Promise<Server> {
  users += 1;
  server ??= findServer();
  const found = await server;
  const release = async (): Promise<void> => {
    users -= 1;
    if (users > 0) return;
    server = undefined;
    templates.clear();
    await found.release();
  };
  return { url: found.url, release };
}

async function findServer(): Promise<Server> {
  const given = process.env['DATABASE_URL'];
  const local = ['root', 'postgres', userInfo().username].map((user) => `postgres://${user}@127.0.0.1:5432/postgres`);
  for (const url of given === undefined || given === '' ? local : [given]) {
    if (await mayCreate(url)) return { url, release: () => Promise.resolve() };
  }
  if (given !== undefined && given !== '')
    throw new Error('DATABASE_URL names no server on which tests may create databases.');
  const embedded = await embeddedPostgres(join(tmpdir(), `provisor-tests-${userInfo().username}`));
  return { url: embedded.url, release: () => embedded.close() };
}

async function mayCreate(url: string): Promise<boolean> {
  try {
    const { rows } = await onDatabase(url, (client) =>
      client.query<{ may: boolean }>(
        'SELECT rolcreatedb OR rolsuper AS may FROM pg_roles WHERE rolname = current_user',
      ),
    );
    return rows[0]?.may === true;
  } catch {
    return false;
  }
}
