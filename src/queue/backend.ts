// The two places that a queue can live in, behind one face: Redis through ioredis, or PostgreSQL.
import type { Processor } from 'bullmq';
import { createPostgresBackend, FlowProducer, Queue, withBackend, Worker } from 'bullmq';
import { Redis } from 'ioredis';

import { ConfigError } from '../rules/model/errors.ts';
import type { QueueName } from './job-ids.ts';

export interface QueueHandle {
  readonly queue: Pick<Queue, 'add' | 'getJob' | 'getJobCounts' | 'upsertJobScheduler' | 'removeJobScheduler'>;
  close(): Promise<void>;
}
export interface FlowHandle {
  readonly flows: Pick<FlowProducer, 'add'>;
  close(): Promise<void>;
}
export interface WorkerOptions {
  readonly concurrency: number;
  readonly lockDuration: number;
  readonly stalledInterval: number;
  readonly maxStalledCount: number;
}
export interface WorkerHandle {
  readonly worker: Pick<Worker, 'on'>;
  close(): Promise<void>;
}
export interface Backend {
  queue(name: QueueName): Promise<QueueHandle>;
  flows(): Promise<FlowHandle>;
  worker(name: QueueName, processor: Processor, options: WorkerOptions): Promise<WorkerHandle>;
  close(): Promise<void>;
}

type OnError = (error: Error) => void;

interface Part {
  on(event: 'error', listener: OnError): unknown;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<unknown>;
}

/** Hears the errors of a part from its first moment and waits until it works. */
async function ready<P extends Part>(part: P, onError: OnError): Promise<P> {
  part.on('error', onError);
  try {
    await part.waitUntilReady();
  } catch (error) {
    await part.close().catch(() => undefined);
    throw error;
  }
  return part;
}

const closing = (part: Part) => async (): Promise<void> => {
  await part.close();
};

/** Throws ConfigError when Redis cannot be reached. */
export async function redisBackend(url: string, prefix: string, onError: OnError): Promise<Backend> {
  const producers = await connect(url, { maxRetriesPerRequest: 5 }, onError);
  const workers = producers.duplicate({ maxRetriesPerRequest: null });
  workers.on('error', onError);
  return {
    async queue(name) {
      const queue = await ready(new Queue(name, { connection: producers, prefix }), onError);
      return { queue, close: closing(queue) };
    },
    async flows() {
      const flows = await ready(new FlowProducer({ connection: producers, prefix }), onError);
      return { flows, close: closing(flows) };
    },
    async worker(name, processor, options) {
      const worker = await ready(new Worker(name, processor, { connection: workers, prefix, ...options }), onError);
      return { worker, close: closing(worker) };
    },
    async close() {
      await Promise.allSettled([producers.quit(), workers.quit()]);
    },
  };
}

async function connect(
  url: string,
  options: { readonly maxRetriesPerRequest: number },
  onError: OnError,
): Promise<Redis> {
  const redis = new Redis(url, { ...options, lazyConnect: true });
  const first = new Promise<never>((_resolve, reject) => redis.once('error', reject));
  try {
    await Promise.race([redis.connect(), first]);
  } catch (error) {
    redis.disconnect();
    throw unreachable('Redis', 'REDIS_URL', url, error);
  }
  first.catch(() => undefined);
  redis.on('error', onError);
  return redis;
}

/** Each part has a pool of its own: small, because PostgreSQL's connections are few. */
const CONNECTIONS = 2;

/** Throws ConfigError when PostgreSQL cannot be reached. Creates or migrates the schema. */
export async function postgresBackend(url: string, schema: string, onError: OnError): Promise<Backend> {
  const bound = withBackend(createPostgresBackend);
  const connection = { connectionString: url, schema, max: CONNECTIONS };
  const migrating = new bound.Queue('cycles', { connection: { ...connection, migrate: true } });
  const migrated = await ready(migrating, onError).catch((error: unknown) => {
    throw unreachable('PostgreSQL', 'DATABASE_URL', url, error);
  });
  await migrated.close();
  return {
    async queue(name) {
      const queue = await ready(new bound.Queue(name, { connection }), onError);
      return { queue: queue as unknown as QueueHandle['queue'], close: closing(queue) };
    },
    async flows() {
      const flows = await ready(new bound.FlowProducer({ connection }), onError);
      return { flows: flows as unknown as FlowHandle['flows'], close: closing(flows) };
    },
    async worker(name, processor, options) {
      const worker = await ready(new bound.Worker(name, processor, { connection, ...options }), onError);
      return { worker: worker as unknown as WorkerHandle['worker'], close: closing(worker) };
    },
    close: () => Promise.resolve(),
  };
}

function unreachable(what: string, setting: string, url: string, error: unknown): ConfigError {
  const host = URL.canParse(url) ? new URL(url).host : 'the given address';
  const reason = reasonOf(error);
  return new ConfigError(
    'QueueUnreachable',
    `${what} at ${host} cannot be used for the queue (${setting}): ${reason}.`,
    setting,
  );
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
