// PostgreSQL refuses to run as root. Started as root, its programs run as another user: the owner of the cluster, else
// `postgres`, else `nobody`. Where that user cannot reach the folders (all below one that only root may enter), it keeps
// root's right to pass by file modes, and only that, through setpriv of util-linux.
import { spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import type { Binaries } from './binaries.ts';

export interface Ran {
  /** `null` when the program could not be started or was killed. */
  readonly code: number | null;
  /** Standard output and error. */
  readonly output: string;
}
export interface Runner {
  run(program: string, args: readonly string[]): Promise<Ran>;
  /** Who must own what the programs write; `null` = whoever we are. */
  readonly owner: Owner | null;
}
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The environment is not inherited: PG… variables would interfere, and secrets are none of PostgreSQL's business. */
const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' };
const CAPABILITIES = '+dac_read_search,+dac_override';

/** `detached`: out of reach of Ctrl-C in the terminal, so that Provisor stops first and PostgreSQL last. */
function execute(program: string, args: readonly string[], as: Partial<Owner> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      ...as,
      cwd: '/',
      env: ENVIRONMENT,
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    const collect = (chunk: Buffer): void => void chunks.push(chunk);
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.stdin.end();
    child.once('error', (error) => resolve({ code: null, output: error.message }));
    child.once('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString('utf8').trim() }));
  });
}

/** Throws one sentence when no way to run PostgreSQL on this folder was found. */
export async function findRunner(binaries: Binaries, dataDir: string, cluster: string): Promise<Runner> {
  const uid = process.getuid?.();
  const runner = uid === 0 ? await runnerForRoot(binaries, dataDir, cluster) : await runnerForUser(cluster, uid);
  const { code, output } = await runner.run(binaries.postgres, ['--version']);
  if (code === 0) return runner;
  throw new Error(
    `The PostgreSQL that Provisor brings does not run on this machine (${output}). Set DATABASE_URL to a PostgreSQL of your own.`,
  );
}

const asOurselves: Runner = { run: (program, args) => execute(program, args), owner: null };

/** `uid`: undefined on Windows, where folders have no owner of this kind. */
async function runnerForUser(cluster: string, uid: number | undefined): Promise<Runner> {
  const found = await stat(cluster).catch(() => null);
  if (found === null || uid === undefined || found.uid === uid) return asOurselves;
  throw new Error(
    `${cluster} belongs to user ${found.uid}, and this is user ${uid}. Run Provisor as the user who started it first, or set PROVISOR_DATA_DIR to another folder.`,
  );
}

async function runnerForRoot(binaries: Binaries, dataDir: string, cluster: string): Promise<Runner> {
  const owner = (await ownerOf(cluster)) ?? (await systemUser());
  const lowered: Runner = { run: (program, args) => execute(program, args, owner), owner };
  if (await reaches(lowered, binaries, dataDir)) return lowered;
  const passing: Runner = {
    run: (program, args) => execute('setpriv', [...passingAs(owner), program, ...args]),
    owner,
  };
  if (await reaches(passing, binaries, dataDir)) return passing;
  throw new Error(
    `PostgreSQL does not run as root, and user ${owner.uid}, which it would run as, cannot enter ${dataDir} or the folder of node_modules. Run Provisor as an ordinary user, set PROVISOR_DATA_DIR to a folder that all may enter, or set DATABASE_URL.`,
  );
}

const passingAs = ({ uid, gid }: Owner): readonly string[] => [
  `--reuid=${uid}`,
  `--regid=${gid}`,
  '--clear-groups',
  // Without it the kernel's access(2), which initdb asks about its own programs, leaves the capabilities out.
  '--securebits=+no_setuid_fixup',
  `--inh-caps=${CAPABILITIES}`,
  `--ambient-caps=${CAPABILITIES}`,
];

async function reaches(runner: Runner, binaries: Binaries, dataDir: string): Promise<boolean> {
  const folder = await runner.run('/bin/sh', ['-c', 'test -x "$0"', dataDir]);
  return folder.code === 0 && (await runner.run(binaries.postgres, ['--version'])).code === 0;
}

async function ownerOf(cluster: string): Promise<Owner | null> {
  const found = await stat(cluster).catch(() => null);
  return found === null || found.uid === 0 ? null : { uid: found.uid, gid: found.gid };
}

async function systemUser(): Promise<Owner> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const users = new Map(passwd.split('\n').map((line) => [line.split(':')[0], line.split(':')]));
  const [, , uid, gid] = users.get('postgres') ?? users.get('nobody') ?? [];
  return uid === undefined || gid === undefined ? { uid: 65534, gid: 65534 } : { uid: Number(uid), gid: Number(gid) };
}
