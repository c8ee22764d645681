// A new key for the secrets at rest, while others read and write, and whenever it is interrupted.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readSettings } from '../../config/settings.ts';
import { openGround } from '../../src/app/engine.ts';
import type { Ground } from '../../src/app/engine.ts';
import { renewKey } from '../../src/app/kept-keys.ts';
import { rotateKey } from '../../src/app/rotate-key.ts';
import { migrate } from '../../src/store/migrate/migrate.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/open-store.ts';
import { keyIdOf } from '../../src/store/secrets/seal.ts';
import { testDatabase } from '../support/postgres.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let folder: string;
let ground: Ground;
let store: Store;
const stores: Store[] = [];
const settings = (env: Record<string, string> = {}) => readSettings({ PROVISOR_DATA_DIR: folder, ...env });
const opened = async (on: Ground): Promise<Store> => {
  const one = await openStore({ databaseUrl: database.url, secretKey: on.secretKeys, poolSize: 3 });
  stores.push(one);
  return one;
};
/** What a process that starts at this moment reads. */
const readAnew = async () => (await opened(await openGround(settings()))).secrets.get('sp');

beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'provisor-key-'));
  ground = await openGround(settings());
  store = await opened(ground);
  await store.secrets.replace('sp', { SecretToken: 'hush', BaseAddress: 'https://app.example' });
  return async () => {
    await store.secrets.replace('sp', {});
    await store.secrets.replace('other', {});
    for (const one of stores.splice(0)) await one.close();
    await rm(folder, { recursive: true, force: true });
  };
});
afterAll(() => database.drop());

const secrets = { SecretToken: 'hush', BaseAddress: 'https://app.example' };
const keyFile = () => readFileSync(join(folder, 'secret-key'), 'utf8').trim();

describe('a key of the data directory', () => {
  it('gives way to a new one; processes that run and processes that start read on, and the old key is gone', async () => {
    const running = await opened(await openGround(settings()));
    const before = keyFile();
    const { keyId, resealed } = await rotateKey(settings(), ground, store);
    expect([resealed, keyId]).toEqual([2, keyIdOf(Buffer.from(keyFile(), 'base64'))]);
    expect(keyFile()).not.toBe(before);
    expect(existsSync(join(folder, 'secret-key.previous'))).toBe(false);
    expect(await running.secrets.get('sp')).toEqual(secrets);
    await running.secrets.replace('other', { SecretToken: 'new' });
    expect(await (await opened(await openGround(settings()))).secrets.get('other')).toEqual({ SecretToken: 'new' });
    expect(await readAnew()).toEqual(secrets);
  });

  it('leaves every secret readable when it is interrupted after the key was renewed, and goes on when repeated', async () => {
    await expect(
      store.secrets.reseal(async () => {
        await renewKey(folder);
        throw new Error('crash');
      }),
    ).rejects.toThrow('crash');
    expect(existsSync(join(folder, 'secret-key.previous'))).toBe(true);
    expect(await readAnew()).toEqual(secrets);
    await store.secrets.replace('other', { SecretToken: 'between' });
    expect((await rotateKey(settings(), ground, store)).resealed).toBe(3);
    expect(existsSync(join(folder, 'secret-key.previous'))).toBe(false);
    expect(await readAnew()).toEqual(secrets);
  });

  it('survives a note of the old key that was cut off', async () => {
    writeFileSync(join(folder, 'secret-key.previous'), keyFile().slice(0, 11));
    expect(await readAnew()).toEqual(secrets);
    await rotateKey(settings(), ground, store);
    expect(await readAnew()).toEqual(secrets);
  });

  it('loses nothing that is saved at the same moment', async () => {
    const other = await opened(await openGround(settings()));
    await Promise.all([
      rotateKey(settings(), ground, store),
      ...Array.from({ length: 8 }, (_, n) => other.secrets.replace('other', { SecretToken: String(n) })),
    ]);
    expect(Object.keys(await (await opened(await openGround(settings()))).secrets.get('other'))).toEqual([
      'SecretToken',
    ]);
  });
});

describe('a key of the environment', () => {
  const [first, second] = [Buffer.alloc(32, 1).toString('base64'), Buffer.alloc(32, 2).toString('base64')];

  it('is replaced by naming the one before, and nothing is changed when none is named', async () => {
    const old = await opened(await openGround(settings({ PROVISOR_SECRET_KEY: first })));
    await old.secrets.replace('sp', secrets);
    const alone = settings({ PROVISOR_SECRET_KEY: second });
    await expect(rotateKey(alone, await openGround(alone), old)).rejects.toThrow(/PROVISOR_SECRET_KEY_PREVIOUS/);
    await expect((await opened(await openGround(alone))).secrets.get('sp')).rejects.toThrow(
      /PROVISOR_SECRET_KEY_PREVIOUS/,
    );
    const both = settings({ PROVISOR_SECRET_KEY: second, PROVISOR_SECRET_KEY_PREVIOUS: first });
    const between = await opened(await openGround(both));
    expect(await between.secrets.get('sp')).toEqual(secrets);
    expect((await rotateKey(both, await openGround(both), between)).resealed).toBe(2);
    expect((await rotateKey(both, await openGround(both), between)).resealed).toBe(0);
    expect(await (await opened(await openGround(alone))).secrets.get('sp')).toEqual(secrets);
  });
});
