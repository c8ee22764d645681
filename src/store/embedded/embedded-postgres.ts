// The PostgreSQL that Provisor brings: made at the first start, started when nobody has, shared by all Provisor
// processes of one data directory, stopped by the last one, and found again after a crash of either.
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findBinaries } from './binaries.ts';
import type { Binaries } from './binaries.ts';
import { clusterIn, isMade, makeCluster, readPassword } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { attach } from './lease.ts';
import type { Lease } from './lease.ts';
import { findRunner } from './run-as.ts';
import type { Runner } from './run-as.ts';
import { readPostmaster, startServer, stopServer } from './server.ts';
import type { Postmaster } from './server.ts';
import { isAlive, whileStarting } from './start-lock.ts';

export interface EmbeddedPostgres {
  /** Holds the password: not for logs. */
  readonly url: string;
  /** Stops the server when no other process uses it. */
  close(): Promise<void>;
}

const LOOK_AGAIN = 100;
/** How long a server may be starting or stopping, and how long a process that answers nothing may turn out to be one. ms */
const LONGEST_WAIT = 300_000;
const PATIENCE = 3_000;

/** Throws one sentence with the remedy when PostgreSQL cannot run here. */
export async function embeddedPostgres(dataDir: string): Promise<EmbeddedPostgres> {
  const folder = resolve(dataDir);
  await mkdir(folder, { recursive: true });
  const cluster = clusterIn(folder);
  const binaries = await findBinaries();
  const runner = await findRunner(binaries, folder, cluster.folder);
  const lease = await leaseOrStart(cluster, binaries, runner);
  return {
    url: lease.url,
    close: async () => {
      if (await lease.giveUp()) await whileStarting(cluster.startLock, () => stopServer(cluster, binaries, runner));
      await lease.end();
    },
  };
}

async function leaseOrStart(cluster: Cluster, binaries: Binaries, runner: Runner): Promise<Lease> {
  for (;;) {
    const found = await look(cluster);
    if ('lease' in found) return found.lease;
    await whileStarting(cluster.startLock, async () => {
      if (await startedMeanwhile(cluster, found.absent)) return;
      if (!(await isMade(cluster))) await makeCluster(cluster, binaries, runner);
      await startServer(cluster, binaries, runner);
    });
  }
}

/** `absent`: what `postmaster.pid` says of a server that does not run. */
type Found = { readonly lease: Lease } | { readonly absent: Postmaster | null };

/** Waits for a server that is starting or stopping. */
async function look(cluster: Cluster): Promise<Found> {
  const begun = Date.now();
  for (;;) {
    const postmaster = await readPostmaster(cluster);
    if (postmaster === null || !isAlive(postmaster.pid)) return { absent: postmaster };
    const attached = await attach(cluster, postmaster, await readPassword(cluster));
    if (typeof attached === 'object') return attached;
    if (Date.now() - begun > (attached === 'stranger' ? PATIENCE : LONGEST_WAIT)) return { absent: postmaster };
    await pause(LOOK_AGAIN);
  }
}

async function startedMeanwhile(cluster: Cluster, absent: Postmaster | null): Promise<boolean> {
  const postmaster = await readPostmaster(cluster);
  return postmaster !== null && isAlive(postmaster.pid) && postmaster.pid !== absent?.pid;
}
