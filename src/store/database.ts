// The Prisma client on a pg pool, and what all SQL of the store shares.
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Json } from '../rules/model/json.ts';
import { inUtc } from './connection.ts';
import { PrismaClient } from './generated/client.ts';
import type { Prisma } from './generated/client.ts';

export type Tx = Prisma.TransactionClient;

export interface Database {
  readonly prisma: PrismaClient;
  /** A transaction of at most `TRANSACTION_LIMIT` ms; errors of the database pass through, for the queue to retry. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Throws the driver's error when the database does not answer. */
  ping(): Promise<void>;
  pool(): PoolState;
  /** A connection of its own, for locks that live as long as it does. The caller ends it. */
  dedicated(purpose: string): pg.Client;
  close(): Promise<void>;
}
/** Numbers of connections; `waiting` counts who waits for one. */
export interface PoolState {
  readonly busy: number;
  readonly idle: number;
  readonly waiting: number;
}
export interface DatabaseOptions {
  readonly databaseUrl: string;
  readonly poolSize: number;
  readonly onConnectionLost: (error: Error) => void;
}

/** A page of hundreds of objects takes tenths of a second; the limit only ends what hangs. Milliseconds. */
const TRANSACTION_LIMIT = 120_000;
const CONNECT_LIMIT = 15_000;

export function openDatabase({ databaseUrl, poolSize, onConnectionLost }: DatabaseOptions): Database {
  const connection = { connectionString: inUtc(databaseUrl), connectionTimeoutMillis: CONNECT_LIMIT, keepAlive: true };
  const pool = new pg.Pool({ ...connection, max: poolSize, application_name: 'provisor' });
  // A connection that is being closed may still hear that the server stops, when Prisma listens no more.
  pool.on('error', onConnectionLost);
  // A connection that breaks after the pool let go of it would otherwise end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const adapter = new PrismaPg(pool, { onConnectionError: onConnectionLost });
  const prisma = new PrismaClient({ adapter });
  return {
    prisma,
    transaction: (work) => prisma.$transaction(work, { timeout: TRANSACTION_LIMIT, maxWait: TRANSACTION_LIMIT }),
    ping: async () => {
      await pool.query('SELECT 1');
    },
    pool: () => ({ busy: pool.totalCount - pool.idleCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    dedicated: (purpose) => new pg.Client({ ...connection, application_name: `provisor ${purpose}` }),
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

/** One statement takes its rows as one JSON parameter (`jsonb_to_recordset`). */
export function json(value: unknown): string {
  const text = JSON.stringify(value);
  return UNSTORABLE.test(text)
    ? JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? storable(part) : part))
    : text;
}
/** PostgreSQL stores neither U+0000 nor half a surrogate pair. */
const UNSTORABLE = /\\u(0000|d[89a-f][0-9a-f]{2})/i;
const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');

/** A value for a Json column written through Prisma's models. */
export const jsonValue = (value: Json | object): Prisma.InputJsonValue =>
  JSON.parse(json(value)) as Prisma.InputJsonValue;
