// Prisma's schema engine in WebAssembly, instantiated by hand: Node 20 cannot import a .wasm module.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { MigrationList, SchemaEngine, SchemaFilter } from '@prisma/schema-engine-wasm/schema_engine_bg';
import type pg from 'pg';
import { engineAdapter } from './engine-adapter.ts';
import { migrationsFolder } from './migrations.ts';
import type { Migration } from './migrations.ts';

/** Node has it; the types of Node 20 do not. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ readonly instance: { readonly exports: EngineExports } }>;
};
interface EngineExports {
  __wbindgen_start(): void;
}

const everything: SchemaFilter = { externalTables: [], externalEnums: [] };
let loaded: Promise<void> | undefined;

async function load(): Promise<void> {
  const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  const bytes = await readFile(join(folder, 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': { ...glue } });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

/** Runs `work` with an engine on the one connection of `pool`. Throws the database's own error where it has one. */
async function withEngine<T>(pool: pg.Pool, work: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  loaded ??= load();
  await loaded;
  const adapter = engineAdapter(pool);
  try {
    const engine = await glue.SchemaEngine.new({ datamodels: undefined }, () => undefined, adapter.factory);
    return await work(engine);
  } catch (error) {
    throw adapter.failure() ?? error;
  }
}

const listOf = (migrations: readonly Migration[]): MigrationList => ({
  baseDir: migrationsFolder(),
  lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
  shadowDbInitScript: '',
  migrationDirectories: migrations.map(({ name, sql }) => ({
    path: name,
    migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
  })),
});

/** Applies what `_prisma_migrations` does not have yet and answers the names. */
export async function applyMigrations(pool: pg.Pool, migrations: readonly Migration[]): Promise<readonly string[]> {
  const input = { migrationsList: listOf(migrations), filters: everything };
  return (await withEngine(pool, (engine) => engine.applyMigrations(input))).appliedMigrationNames;
}

/** SQL that leads from the database behind `pool` to the schema; empty when they agree. */
export async function differenceTo(pool: pg.Pool, schema: string): Promise<string> {
  const files = [{ path: 'schema.prisma', content: schema }];
  const { stdout } = await withEngine(pool, (engine) =>
    engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: migrationsFolder() },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: everything,
    }),
  );
  const sql = stdout ?? '';
  return /^\s*(--[^\n]*\s*)*$/.test(sql) ? '' : sql;
}
