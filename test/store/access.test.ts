// What the control plane asks of a store of tokens and sessions, of the one in memory and of the one in PostgreSQL.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccessStore, AccessToken } from '../../src/rules/model/access.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/open-store.ts';
import { migrate } from '../../src/store/migrate/migrate.ts';
import { memoryAccess } from '../support/memory-access.ts';
import { testDatabase } from '../support/postgres.ts';
import { secretKey } from './world.ts';

const at = (minutes: number) => new Date(Date.parse('2026-01-01T00:00:00Z') + minutes * 60_000);
const tokenOf = (id: string, minutes: number, expiresAt: Date | null = null): AccessToken => ({
  id,
  name: `token ${id}`,
  role: 'operator',
  prefix: 'pvr_12345678',
  createdAt: at(minutes),
  createdBy: 'admin token',
  expiresAt,
  lastUsedAt: null,
});

function keepsTokensAndSessions(open: () => AccessStore): void {
  it('lists tokens newest first, finds one by its digest, notes its use and removes it once', async () => {
    const store = open();
    await store.addToken(tokenOf('1', 1), 'digest-1');
    await store.addToken(tokenOf('2', 2, at(9)), 'digest-2');
    expect(await store.tokens()).toEqual([tokenOf('2', 2, at(9)), tokenOf('1', 1)]);
    await store.tokenUsed('2', at(3));
    expect(await store.tokenBy('digest-2')).toEqual({ ...tokenOf('2', 2, at(9)), lastUsedAt: at(3) });
    expect(await store.tokenBy('digest-3')).toBeNull();
    expect(await store.removeToken('2')).toMatchObject({ id: '2' });
    expect(await store.removeToken('2')).toBeNull();
    expect(await store.tokenBy('digest-2')).toBeNull();
  });

  it('keeps a session with its two times until it is removed', async () => {
    const store = open();
    const session = {
      digest: 's',
      subject: 'ada',
      role: 'reader',
      tokenDigest: null,
      usedAt: at(0),
      expiresAt: at(60),
    } as const;
    await store.addSession(session);
    await store.sessionUsed('s', at(5));
    expect(await store.sessionBy('s')).toEqual({ ...session, usedAt: at(5) });
    await store.removeSession('s');
    await store.removeSession('s');
    expect(await store.sessionBy('s')).toBeNull();
  });
}

describe('in memory, the store of access', () => {
  const store = memoryAccess();
  keepsTokensAndSessions(() => store);
});

describe('in PostgreSQL, the store of access', () => {
  let store: Store;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const database = await testDatabase();
    drop = () => database.drop();
    await migrate(database.url);
    store = await openStore({ databaseUrl: database.url, secretKey });
  });
  afterAll(async () => {
    await store.close();
    await drop();
  });
  keepsTokensAndSessions(() => store.access);

  it('forgets sessions that have expired when another begins', async () => {
    const session = { subject: 'ada', role: 'admin', tokenDigest: null, usedAt: at(0), expiresAt: at(1) } as const;
    await store.access.addSession({ ...session, digest: 'old' });
    await store.access.addSession({ ...session, digest: 'new', usedAt: at(2), expiresAt: at(3) });
    expect(await store.access.sessionBy('old')).toBeNull();
    expect(await store.access.sessionBy('new')).not.toBeNull();
  });
});
