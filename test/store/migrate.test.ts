import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../src/store/migrate/migrate.ts';
import { readMigrations, readSchema } from '../../src/store/migrate/migrations.ts';
import { differenceTo } from '../../src/store/migrate/schema-engine.ts';
import { openStore } from '../../src/store/open-store.ts';
import { testDatabase } from '../support/postgres.ts';

async function onEmptyDatabase(work: (url: string, pool: pg.Pool) => Promise<void>): Promise<void> {
  const database = await testDatabase({ empty: true });
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  try {
    await work(database.url, pool);
  } finally {
    await pool.end();
    await database.drop();
  }
}
const tables = async (pool: pg.Pool): Promise<readonly string[]> => {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
};

describe('migrations', () => {
  it('lead an empty database to exactly what schema.prisma describes', () =>
    onEmptyDatabase(async (url, pool) => {
      const applied = await migrate(url);
      expect(applied).toEqual((await readMigrations()).map(({ name }) => name));
      expect(await differenceTo(pool, await readSchema())).toBe('');
    }));

  it('are applied once by processes that start together', () =>
    onEmptyDatabase(async (url, pool) => {
      const applied = await Promise.all([migrate(url), migrate(url), migrate(url)]);
      expect(applied.flat()).toEqual((await readMigrations()).map(({ name }) => name));
      const { rows } = await pool.query<{ n: number }>(
        'SELECT count(*)::int AS n FROM _prisma_migrations WHERE finished_at IS NOT NULL',
      );
      expect(rows[0]?.n).toBe((await readMigrations()).length);
    }));

  it('change nothing when one of them fails, say why, and go on when the reason is gone', () =>
    onEmptyDatabase(async (url, pool) => {
      await migrate(url);
      const before = await tables(pool);
      const ours = await readMigrations();
      const broken = {
        name: '99990101000000_broken',
        sql: 'CREATE TABLE half_done (a int);\nCREATE TABLE job (a int);',
      };
      await expect(migrate(url, [...ours, broken])).rejects.toThrow(
        /nothing in it was changed: relation "job" already exists/,
      );
      expect(await tables(pool)).toEqual(before);
      expect(await migrate(url, [...ours, { ...broken, sql: 'CREATE TABLE half_done (a int);' }])).toEqual([
        broken.name,
      ]);
      expect(await tables(pool)).toContain('half_done');
    }));

  it('refuse a database that holds tables of something else', () =>
    onEmptyDatabase(async (url, pool) => {
      await pool.query('CREATE TABLE orders (mine text)');
      await expect(migrate(url)).rejects.toThrow(
        /holds tables of something else\. Give Provisor a database of its own/,
      );
      expect(await tables(pool)).toEqual(['orders']);
    }));
});

describe('a database that cannot be used', () => {
  const secretKey = Buffer.alloc(32);
  const opening = [
    (url: string) => migrate(url),
    async (url: string) => (await openStore({ databaseUrl: url, secretKey })).close(),
  ];

  it.each(opening)('is named with host and port when it is down, without its password', async (open) => {
    const error = await open('postgres://who:s3cret@127.0.0.1:1/provisor').catch((e: unknown) => e);
    expect(error).toMatchObject({
      message: 'PostgreSQL does not answer at 127.0.0.1:1 (ECONNREFUSED). Start it, or correct DATABASE_URL.',
    });
    expect(String(error)).not.toContain('s3cret');
  });

  it.each(opening)('is named when the server does not have it', async (open) => {
    const database = await testDatabase({ empty: true });
    const url = Object.assign(new URL(database.url), { pathname: '/provisor_none' });
    await expect(open(url.href)).rejects.toThrow(/has no database provisor_none\. Create it/);
    await database.drop();
  });
});
