// Developer's tool: writes the migration that leads from prisma/migrations to prisma/schema.prisma.
// Usage: npx tsx src/store/migrate/diff.ts <what_changes> [database URL of a server to try it on]
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { embeddedPostgres } from '../embedded/embedded-postgres.ts';
import { migrate } from './migrate.ts';
import { migrationsFolder, readSchema } from './migrations.ts';
import { differenceTo } from './schema-engine.ts';

async function main(name: string | undefined, serverUrl: string | undefined): Promise<void> {
  if (name === undefined || !/^[a-z][a-z0-9_]*$/.test(name)) {
    throw new Error(
      'Say what changes, in lower case with underscores: npx tsx src/store/migrate/diff.ts add_link_note',
    );
  }
  const sql = await onServer(serverUrl, difference);
  if (sql === '') return void process.stdout.write('The migrations lead to the schema already.\n');
  const folder = join(migrationsFolder(), `${new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)}_${name}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'migration.sql'), sql);
  process.stdout.write(`Wrote ${folder}. Read it: a renamed column shows as one dropped and one added.\n`);
}

async function onServer<T>(serverUrl: string | undefined, work: (serverUrl: string) => Promise<T>): Promise<T> {
  if (serverUrl !== undefined) return work(serverUrl);
  const server = await embeddedPostgres(join(tmpdir(), 'provisor-diff'));
  try {
    return await work(server.url);
  } finally {
    await server.close();
  }
}

async function difference(serverUrl: string): Promise<string> {
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  const name = `provisor_diff_${randomUUID().replaceAll('-', '')}`;
  await admin.query(`CREATE DATABASE ${name}`);
  try {
    return await differenceOf(Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href);
  } finally {
    await admin.query(`DROP DATABASE ${name}`);
    await admin.end();
  }
}

async function differenceOf(databaseUrl: string): Promise<string> {
  await migrate(databaseUrl);
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  try {
    return await differenceTo(pool, await readSchema());
  } finally {
    await pool.end();
  }
}

await main(process.argv[2], process.argv[3]);
