// Queues on both backends for one contract suite, reached through a proxy whose connections a test can cut.
import { randomUUID } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { Redis } from 'ioredis';
import pg from 'pg';

import type { QueueOptions } from '../../src/queue/open-queue.ts';
import { testDatabase } from '../support/postgres.ts';

export interface Place {
  readonly options: Pick<QueueOptions, 'redisUrl' | 'databaseUrl' | 'prefix' | 'schema'>;
  /** Breaks every connection and refuses new ones until `restore`. */
  readonly cut: () => void;
  readonly restore: () => void;
  /** Empties the place, as if the queue had been lost. */
  lose(): Promise<void>;
  drop(): Promise<void>;
}

interface Proxy {
  readonly url: string;
  readonly cut: () => void;
  readonly restore: () => void;
  close(): Promise<void>;
}

async function proxyTo(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  let refusing = false;
  const server = createServer((inner) => {
    if (refusing) {
      inner.resetAndDestroy();
      return;
    }
    const outer = connect(Number(port), hostname);
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      open.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = Object.assign(new URL(target), { host: `127.0.0.1:${String((server.address() as AddressInfo).port)}` });
  const cut = (): void => {
    refusing = true;
    for (const socket of open) socket.resetAndDestroy();
  };
  return {
    url: url.href,
    cut,
    restore: () => (refusing = false),
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function postgresPlace(): Promise<Place> {
  const database = await testDatabase({ empty: true });
  const proxy = await proxyTo(database.url);
  return {
    options: { databaseUrl: proxy.url },
    cut: proxy.cut,
    restore: proxy.restore,
    async lose() {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      try {
        await client.query('TRUNCATE bullmq.job, bullmq.scheduler CASCADE');
      } finally {
        await client.end();
      }
    },
    async drop() {
      await proxy.close();
      await database.drop();
    },
  };
}

export const redisUrl = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';

export async function redisAnswers(): Promise<boolean> {
  const redis = new Redis(redisUrl, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return true;
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}

export async function redisPlace(): Promise<Place> {
  const proxy = await proxyTo(redisUrl);
  const prefix = `test-${randomUUID()}`;
  const wipe = async (): Promise<void> => {
    const redis = new Redis(redisUrl);
    const keys = await redis.keys(`${prefix}:*`);
    if (keys.length > 0) await redis.del(...keys);
    await redis.quit();
  };
  return {
    options: { redisUrl: proxy.url, prefix },
    cut: proxy.cut,
    restore: proxy.restore,
    lose: wipe,
    async drop() {
      await wipe();
      await proxy.close();
    },
  };
}
