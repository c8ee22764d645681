// One at a time over all processes: an advisory lock on a connection of its own. It falls with the connection, so a
// process that dies never leaves anything locked.
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Database } from './database.ts';

/** Milliseconds between two looks at a lock that somebody else holds. */
const LOOK_AGAIN = 250;

/**
 * Waits while another process is at it. `what` names the lock, and the work in messages. Throws when the lock was lost on
 * the way: what was done may be mixed with what another did.
 */
export async function exclusively<T>(database: Database, what: string, work: () => Promise<T>): Promise<T> {
  const client = database.dedicated(what.split(' ')[0] ?? what);
  let lost: Error | undefined;
  client.on('error', (error) => (lost = error));
  await client.connect();
  try {
    while (!(await tryLock(client, what))) await pause(LOOK_AGAIN);
    const result = await work();
    if (lost === undefined) return result;
    throw new Error(`The connection that guards the ${what} broke; it is repeated.`, { cause: lost });
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function tryLock(client: pg.Client, what: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(
    `SELECT pg_try_advisory_lock(hashtextextended('provisor ' || $1, 0)) AS locked`,
    [what],
  );
  return rows[0]?.locked === true;
}
