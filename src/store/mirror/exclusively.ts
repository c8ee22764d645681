// One reader per tenant, over all processes: an advisory lock on a connection of its own. It falls with the connection,
// so a process that dies never leaves the tenant locked.
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Database } from '../database.ts';

/** Milliseconds between two looks at a lock that somebody else holds. */
const LOOK_AGAIN = 250;

/** Waits while another process reads the tenant. Throws when the lock was lost on the way: what was read may be mixed. */
export async function exclusively<T>(database: Database, tenantId: string, work: () => Promise<T>): Promise<T> {
  const client = database.dedicated('refresh');
  let lost: Error | undefined;
  client.on('error', (error) => (lost = error));
  await client.connect();
  try {
    while (!(await tryLock(client, tenantId))) await pause(LOOK_AGAIN);
    const result = await work();
    if (lost === undefined) return result;
    throw new Error(`The connection that guards the refresh of tenant ${tenantId} broke; the refresh is repeated.`, {
      cause: lost,
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function tryLock(client: pg.Client, tenantId: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(
    `SELECT pg_try_advisory_lock(hashtextextended('provisor refresh ' || $1, 0)) AS locked`,
    [tenantId],
  );
  return rows[0]?.locked === true;
}
