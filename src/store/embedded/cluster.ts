// The cluster on disk: `<dataDir>/postgres`, with its password and log beside it. A cluster is made aside and renamed
// into place, so what stands there is whole; what a crash left behind is thrown away.
import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, chown, mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Binaries } from './binaries.ts';
import type { Runner } from './run-as.ts';

export interface Cluster {
  readonly folder: string;
  readonly passwordFile: string;
  readonly logFile: string;
  readonly startLock: string;
}

export const USER = 'provisor';

/** `dataDir`: absolute. */
export const clusterIn = (dataDir: string): Cluster => ({
  folder: join(dataDir, 'postgres'),
  passwordFile: join(dataDir, 'postgres-password'),
  logFile: join(dataDir, 'postgres.log'),
  startLock: join(dataDir, 'postgres.starting'),
});

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
export const isMade = (cluster: Cluster): Promise<boolean> => isThere(join(cluster.folder, 'PG_VERSION'));

/** Throws one sentence when the file is gone or belongs to somebody else. */
export async function readPassword({ passwordFile, folder }: Cluster): Promise<string> {
  try {
    return (await readFile(passwordFile, 'utf8')).trim();
  } catch (error) {
    throw new Error(
      `The password of the embedded PostgreSQL cannot be read from ${passwordFile}. Run Provisor as the user who first started it, or restore the file; without it ${folder} cannot be opened.`,
      { cause: error },
    );
  }
}

/** To be called by one process at a time. */
export async function makeCluster(cluster: Cluster, binaries: Binaries, runner: Runner): Promise<void> {
  await clearLeftovers(cluster);
  const aside = `${cluster.folder}.new-${randomUUID()}`;
  const passwordFile = `${aside}.password`;
  const password = randomBytes(24).toString('base64url');
  await mkdir(aside, { mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  await giveTo(runner, aside, passwordFile);
  const { code, output } = await runner.run(binaries.initdb, initArguments(aside, passwordFile));
  if (code !== 0)
    throw new Error(
      `The embedded PostgreSQL could not be set up in ${cluster.folder}: ${output || 'initdb was stopped'}. Make room or set DATABASE_URL.`,
    );
  await rm(passwordFile);
  await writeFile(cluster.passwordFile, `${password}\n`, { mode: 0o600 });
  await chmod(cluster.passwordFile, 0o600);
  await rename(aside, cluster.folder);
}

const initArguments = (folder: string, passwordFile: string): readonly string[] => [
  `--pgdata=${folder}`,
  `--username=${USER}`,
  `--pwfile=${passwordFile}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--no-instructions',
  '--set=listen_addresses=127.0.0.1',
  '--set=unix_socket_directories=',
  '--set=max_connections=200',
];

async function clearLeftovers({ folder }: Cluster): Promise<void> {
  const beside = await readdir(dirname(folder));
  const leftovers = beside.filter((name) => name.startsWith(`${basename(folder)}.new-`));
  await Promise.all(leftovers.map((name) => rm(join(dirname(folder), name), { recursive: true, force: true })));
  if ((await readdir(folder).catch(() => [])).length > 0) {
    throw new Error(
      `${folder} is there but is no PostgreSQL cluster. Move it away, or set PROVISOR_DATA_DIR to another folder.`,
    );
  }
}

/** Made by us, so that the server needs no right to create it. */
export async function prepareLog({ logFile }: Cluster, runner: Runner): Promise<void> {
  await (await open(logFile, 'a', 0o600)).close();
  await giveTo(runner, logFile);
}

async function giveTo({ owner }: Runner, ...paths: readonly string[]): Promise<void> {
  if (owner !== null) await Promise.all(paths.map((path) => chown(path, owner.uid, owner.gid)));
}
