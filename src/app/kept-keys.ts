// The key of secrets as the data directory keeps it. While a new one takes its place, the one before stays beside it, so that
// a crash at any moment leaves every secret readable.
import { existsSync, readFileSync } from 'node:fs';
import { appendFile, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { Keyring } from '../store/secrets/keyring.ts';
import { keyIdOf } from '../store/secrets/seal.ts';

export const KEY_FILE = 'secret-key';
const PREVIOUS = 'secret-key.previous';

export const keyFrom = (text: string): Buffer => Buffer.from(text, 'base64');

/** Reads the files whenever it is asked: another process may have changed the key. What was read once stays known. */
export function keptKeys(dataDir: string): Keyring {
  const known = new Map<string, Buffer>();
  const learn = (key: Buffer): Buffer => {
    known.set(keyIdOf(key), key);
    return key;
  };
  const current = (): Buffer => learn(readKey(join(dataDir, KEY_FILE)));
  const learnAll = (): void => {
    current();
    for (const key of previousKeys(dataDir)) learn(key);
  };
  learnAll();
  return {
    current,
    withId(keyId) {
      if (!known.has(keyId)) learnAll();
      return known.get(keyId) ?? null;
    },
  };
}

function readKey(file: string): Buffer {
  const key = keyFrom(readFileSync(file, 'utf8').trim());
  if (key.length === 32) return key;
  throw new Error(
    `${file} is damaged: it must hold 32 bytes in base64. Restore it from a backup; without it saved secrets cannot be read.`,
  );
}

function previousKeys(dataDir: string): readonly Buffer[] {
  const file = join(dataDir, PREVIOUS);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  // Half a line is one whose writing was interrupted: the key is in its own file still.
  return lines.map(keyFrom).filter(({ length }) => length === 32);
}

/** Puts a new key in place; the one before is written down first. */
export async function renewKey(dataDir: string): Promise<void> {
  const file = join(dataDir, KEY_FILE);
  await appendFile(join(dataDir, PREVIOUS), `\n${readKey(file).toString('base64')}\n`, { mode: 0o600, flush: true });
  const fresh = await open(`${file}.new`, 'w', 0o600);
  try {
    await fresh.writeFile(`${randomBytes(32).toString('base64')}\n`);
    await fresh.sync();
  } finally {
    await fresh.close();
  }
  await rename(`${file}.new`, file);
}

/** Nothing is sealed with them any more. */
export const forgetPreviousKeys = (dataDir: string): Promise<void> => rm(join(dataDir, PREVIOUS), { force: true });
