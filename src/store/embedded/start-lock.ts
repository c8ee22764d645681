// One process at a time prepares, starts or stops the server: a file that names the process. A file whose process is gone is
// taken away, so a crash in the middle costs nothing.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

const LOOK_AGAIN = 100;
/** A start takes seconds; after this long the process that is named is another one with the same number. Milliseconds. */
const LONGEST_START = 600_000;
/** Files that this process holds: after a restart in a container, an old file may name our own number. */
const held = new Set<string>();

export async function whileStarting<T>(path: string, work: () => Promise<T>): Promise<T> {
  while (!(await take(path))) await pause(LOOK_AGAIN);
  held.add(path);
  try {
    return await work();
  } finally {
    held.delete(path);
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<boolean> {
  const claim = `${path}.${randomUUID()}`;
  await writeFile(claim, String(process.pid), { mode: 0o600 });
  try {
    await link(claim, path);
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    await removeAbandoned(path);
    return false;
  } finally {
    await rm(claim, { force: true });
  }
}

/** Renaming is atomic: of two that find the same abandoned file, one takes it, and a new file taken by mistake goes back. */
async function removeAbandoned(path: string): Promise<void> {
  const before = await identityOf(path);
  if (before === null || !(await isAbandoned(path))) return;
  const aside = `${path}.${randomUUID()}`;
  if (
    !(await rename(path, aside).then(
      () => true,
      () => false,
    ))
  )
    return;
  if ((await identityOf(aside)) !== before) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

const identityOf = (path: string): Promise<string | null> =>
  stat(path).then(
    ({ ino, mtimeMs }) => `${ino} ${mtimeMs}`,
    () => null,
  );

async function isAbandoned(path: string): Promise<boolean> {
  try {
    const [pid, { mtimeMs }] = [Number(await readFile(path, 'utf8')), await stat(path)];
    if (Date.now() - mtimeMs > LONGEST_START) return true;
    return pid === process.pid ? !held.has(path) : !isAlive(pid);
  } catch {
    return false;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** In a container without an init nobody collects dead processes; Linux tells them apart. */
function isZombie(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ');
  } catch {
    return false;
  }
}
