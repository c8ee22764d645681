// Brings a database to the newest migration at start. All or nothing: everything runs in one transaction under an
// advisory lock, so a crash leaves the database as it was, and processes that start together take turns.
import pg from 'pg';
import { connectionTo } from '../connection.ts';
import { readMigrations } from './migrations.ts';
import type { Migration } from './migrations.ts';
import { applyMigrations } from './schema-engine.ts';

/** One lock for all Provisor processes on a database; the number only has to be ours. */
const MIGRATION_LOCK = 7_236_480_117;

/**
 * Answers the names of the migrations that were applied; none when the database is up to date. Throws one sentence with
 * the remedy when the database cannot be reached or brought up to date.
 */
export async function migrate(databaseUrl: string, given?: readonly Migration[]): Promise<readonly string[]> {
  const migrations = given ?? (await readMigrations());
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1, application_name: 'provisor migrate' });
  pool.on('error', () => undefined).on('connect', (client) => client.on('error', () => undefined));
  try {
    const names = await connectionTo(databaseUrl, () => missing(pool, migrations));
    return names.length === 0 ? names : await applyUnderLock(pool, migrations);
  } finally {
    await pool.end();
  }
}

async function applyUnderLock(pool: pg.Pool, migrations: readonly Migration[]): Promise<readonly string[]> {
  await pool.query('BEGIN');
  try {
    await pool.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const applied = (await missing(pool, migrations)).length === 0 ? [] : await applyMigrations(pool, migrations);
    await pool.query('COMMIT');
    return applied;
  } catch (error) {
    await pool.query('ROLLBACK').catch(() => undefined);
    throw new Error(
      `The database could not be brought to this version of Provisor, and nothing in it was changed: ${why(error)}`,
      { cause: error },
    );
  }
}

function why(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  if (said.includes('schema is not empty'))
    return 'it holds tables of something else. Give Provisor a database of its own (createdb provisor).';
  return `${said}. Give its user the right to create tables, or undo what was changed by hand, and start again.`;
}

async function missing(pool: pg.Pool, migrations: readonly Migration[]): Promise<readonly string[]> {
  const { rows: tables } = await pool.query<{ there: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS there`,
  );
  if (tables[0]?.there !== true) return migrations.map(({ name }) => name);
  const { rows } = await pool.query<{ migration_name: string }>(
    'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  const applied = new Set(rows.map((row) => row.migration_name));
  return migrations.map(({ name }) => name).filter((name) => !applied.has(name));
}
