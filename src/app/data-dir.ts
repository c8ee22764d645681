// The data directory: where it is, and the keys that are made once and kept in it.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Keyring } from '../store/secrets/keyring.ts';
import { fixedKeys } from '../store/secrets/keyring.ts';
import { KEY_FILE, keptKeys, keyFrom } from './kept-keys.ts';

export interface Keys {
  /** Bearer token of role admin. */
  readonly adminToken: string;
  /** 32 bytes; as it was when the process started. */
  readonly secretKey: Buffer;
  /** Encrypts secrets at rest. */
  readonly secretKeys: Keyring;
}

/** Throws with one sentence when the directory cannot be made or written. */
export async function openDataDir(path: string): Promise<string> {
  try {
    await makeFolder(path);
    return path;
  } catch (error) {
    throw new Error(
      `The data directory ${path} cannot be made: ${messageOf(error)}. Set PROVISOR_DATA_DIR to a folder that can be written.`,
      { cause: error },
    );
  }
}

/** Step by step: Node's own recursive mkdir never ends where a file system pretends, as /proc does. */
async function makeFolder(path: string): Promise<void> {
  if (existsSync(path)) return;
  await makeFolder(dirname(path));
  await mkdir(path, { mode: 0o755 }).catch((error: unknown) => {
    if (!existsSync(path)) throw error;
  });
}

export async function openKeys(
  dataDir: string,
  given: {
    readonly adminToken?: string | undefined;
    readonly secretKey?: string | undefined;
    readonly earlierKeys?: readonly string[] | undefined;
  },
): Promise<Keys> {
  const adminToken =
    given.adminToken ?? (await madeOnce(join(dataDir, 'admin-token'), () => randomBytes(32).toString('base64url')));
  if (given.adminToken !== undefined) await writeFile(join(dataDir, 'admin-token'), `${adminToken}\n`, { mode: 0o600 });
  if (given.secretKey === undefined) await madeOnce(join(dataDir, KEY_FILE), () => randomBytes(32).toString('base64'));
  const secretKeys =
    given.secretKey === undefined
      ? keptKeys(dataDir)
      : fixedKeys(keyFrom(given.secretKey), (given.earlierKeys ?? []).map(keyFrom));
  return { adminToken, secretKey: secretKeys.current(), secretKeys };
}

/** Two processes that start at once agree on one value: only one of them creates the file. */
async function madeOnce(path: string, make: () => string): Promise<string> {
  const made = make();
  try {
    await writeFile(path, `${made}\n`, { mode: 0o600, flag: 'wx' });
    return made;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    return (await readFile(path, 'utf8')).trim();
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
