// The migrations on disk: `prisma/migrations/<timestamp>_<name>/migration.sql`, found from source and from dist alike.
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Migration {
  /** Name of the folder. */
  readonly name: string;
  readonly sql: string;
}

/** The nearest folder above this file that has a package.json. */
function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder)
      throw new Error('No package.json above src/store: the installation of Provisor is incomplete. Install it again.');
    folder = above;
  }
  return folder;
}

export const prismaFolder = (): string => join(projectRoot(), 'prisma');
export const migrationsFolder = (): string => join(prismaFolder(), 'migrations');

/** In the order they are applied. */
export async function readMigrations(folder: string = migrationsFolder()): Promise<readonly Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names.sort().map(async (name) => ({ name, sql: await readFile(join(folder, name, 'migration.sql'), 'utf8') })),
  );
}

export const readSchema = (): Promise<string> => readFile(join(prismaFolder(), 'schema.prisma'), 'utf8');
