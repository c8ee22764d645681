// Starts and stops the server on a cluster. pg_ctl takes it out of our process group: Ctrl-C reaches Provisor only.
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import { prepareLog } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import type { Runner } from './run-as.ts';

/** Seconds that recovery after a crash may take. */
const LONGEST_RECOVERY = 300;
/** Attempts while a port was taken meanwhile, or processes of a killed server are still going down. */
const ATTEMPTS = 40;
const ATTEMPT_AGAIN = 250;

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/** What `postmaster.pid` says; it may be left over from a server that was killed. `null` without a whole file. */
export async function readPostmaster({ folder }: Cluster): Promise<Postmaster | null> {
  const lines = (await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 && port > 0 ? { pid, port } : null;
}

/** To be called by one process at a time, when no server runs on the cluster. Throws with the server's own reason. */
export async function startServer(cluster: Cluster, binaries: Binaries, runner: Runner): Promise<void> {
  await rm(join(cluster.folder, 'postmaster.pid'), { force: true });
  await prepareLog(cluster, runner);
  for (let attempt = 1; ; attempt++) {
    const before = (await readFile(cluster.logFile)).length;
    const { code } = await runner.run(binaries.pgCtl, startArguments(cluster, await freePort()));
    if (code === 0) return;
    const said = (await readFile(cluster.logFile)).subarray(before).toString('utf8');
    if (attempt === ATTEMPTS || !PASSES_BY.test(said)) throw new Error(whyNot(cluster, said));
    await pause(ATTEMPT_AGAIN);
  }
}

const PASSES_BY = /could not bind|could not create any TCP|pre-existing shared memory|lock file "postmaster.pid"/;

const startArguments = ({ folder, logFile }: Cluster, port: number): readonly string[] => [
  'start',
  '--wait',
  '--silent',
  `--timeout=${LONGEST_RECOVERY}`,
  `--pgdata=${folder}`,
  `--log=${logFile}`,
  `--options=-p ${port}`,
];

function whyNot({ folder, logFile }: Cluster, said: string): string {
  const reason = /(?:FATAL|PANIC): +(.*)/.exec(said)?.[1] ?? 'it did not say why';
  return `The embedded PostgreSQL in ${folder} does not start: ${reason}. ${logFile} says more; set DATABASE_URL to use another PostgreSQL.`;
}

/** Ends its connections and writes everything down. */
export async function stopServer({ folder }: Cluster, binaries: Binaries, runner: Runner): Promise<void> {
  const args = ['stop', '--wait', '--silent', '--mode=fast', `--timeout=${LONGEST_RECOVERY}`, `--pgdata=${folder}`];
  const { code, output } = await runner.run(binaries.pgCtl, args);
  if (code !== 0)
    throw new Error(
      `The embedded PostgreSQL in ${folder} did not stop: ${output}. It goes on running; the next start uses it.`,
    );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
