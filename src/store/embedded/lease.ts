// Who uses a running server: every process holds a shared advisory lock on a connection of its own. Who gets the lock
// alone is the last one, and stops the server; a process that dies drops its lock with its connection.
import { realpath } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { USER } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import type { Postmaster } from './server.ts';

/** The number only has to be ours. */
const USERS_LOCK = 7_236_480_118;
const DATABASE = 'provisor';

export interface Lease {
  readonly url: string;
  /**
   * Gives the lease up; true when nobody else has one: then nobody can take one until the server has stopped, and
   * connections that were being closed had a moment to go.
   */
  giveUp(): Promise<boolean>;
  end(): Promise<void>;
}
/** `busy`: it is starting or stopping. `stranger`: nothing answers, or somebody else does. */
export type Attached = { readonly lease: Lease } | 'busy' | 'stranger';

/** Throws only what has nothing to do with reaching the server. */
export async function attach(cluster: Cluster, { port }: Postmaster, password: string): Promise<Attached> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: USER,
    password,
    database: 'postgres',
    application_name: 'provisor lease',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    return isBusy(error) ? 'busy' : 'stranger';
  }
  try {
    const refusal = await refusalOf(client, cluster);
    if (refusal === null)
      return { lease: leaseOn(client, `postgres://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`) };
    await client.end();
    return refusal;
  } catch (error) {
    await client.end().catch(() => undefined);
    if (isBusy(error)) return 'busy';
    throw error;
  }
}

/** Starting, stopping, or gone while we asked. */
const isBusy = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && ['57P01', '57P03', 'ECONNRESET'].includes(String(error.code))) ||
    error.message.startsWith('Connection terminated'));

async function refusalOf(client: pg.Client, { folder }: Cluster): Promise<'busy' | 'stranger' | null> {
  const { rows } = await client.query<{ folder: string }>(`SELECT current_setting('data_directory') AS folder`);
  const [ours, theirs] = await Promise.all([realpath(folder), realpath(rows[0]?.folder ?? '').catch(() => '')]);
  if (ours !== theirs) return 'stranger';
  if (!(await locked(client, 'pg_try_advisory_lock_shared'))) return 'busy';
  await makeDatabase(client);
  return null;
}

async function locked(
  client: pg.Client,
  how: 'pg_try_advisory_lock_shared' | 'pg_try_advisory_lock',
): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(`SELECT ${how}($1) AS locked`, [USERS_LOCK]);
  return rows[0]?.locked === true;
}

async function makeDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
  if (rowCount !== 0) return;
  await client.query(`CREATE DATABASE ${DATABASE}`).catch((error: unknown) => {
    if (!(error instanceof pg.DatabaseError && (error.code === '42P04' || error.code === '23505'))) throw error;
  });
}

const leaseOn = (client: pg.Client, url: string): Lease => ({
  url,
  giveUp: async () => {
    try {
      await client.query('SELECT pg_advisory_unlock_shared($1)', [USERS_LOCK]);
      if (!(await locked(client, 'pg_try_advisory_lock'))) return false;
      await othersGone(client);
      return true;
    } catch {
      return false;
    }
  },
  end: () => client.end().catch(() => undefined),
});

/** Looks at other connections, and milliseconds between two looks. */
const LOOKS = 40;
const LOOK_AGAIN = 50;

async function othersGone(client: pg.Client): Promise<void> {
  for (let look = 0; look < LOOKS; look++) {
    const { rowCount } = await client.query(
      `SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    );
    if (rowCount === 0) return;
    await pause(LOOK_AGAIN);
  }
}
