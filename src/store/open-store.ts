// The store: all state of Provisor in PostgreSQL. `migrate` brings the database to its tables first.
import type { AccessStore } from '../rules/model/access.ts';
import { accessStore } from './access/access-store.ts';
import { connectionTo } from './connection.ts';
import { cycleStore } from './cycles/cycle-store.ts';
import type { CycleRecords } from './cycles/cycle-store.ts';
import { openDatabase } from './database.ts';
import type { PoolState } from './database.ts';
import { escrowStore } from './escrows/escrow-store.ts';
import type { EscrowRecords } from './escrows/escrow-store.ts';
import { readFigures } from './figures.ts';
import type { Figures } from './figures.ts';
import { feedStore } from './feed/feed-store.ts';
import type { FeedRecords } from './feed/feed-store.ts';
import { heldStore } from './held/held-store.ts';
import type { HeldRecords } from './held/held-store.ts';
import { jobStore } from './jobs/job-store.ts';
import type { JobRecords } from './jobs/job-store.ts';
import { linkStore } from './links/link-store.ts';
import type { LinkRecords } from './links/link-store.ts';
import { listingStore } from './listings/listing-store.ts';
import type { ListingRecords } from './listings/listing-store.ts';
import { logStore } from './logs/log-store.ts';
import type { LogRecords } from './logs/log-store.ts';
import { mirrorStore } from './mirror/mirror-store.ts';
import type { MirrorStore } from './mirror/mirror-store.ts';
import { notificationStore } from './notifications/notification-store.ts';
import type { NotificationRecords } from './notifications/notification-store.ts';
import { provisioningStore } from './provisioning/provisioning-store.ts';
import type { ProvisioningRecords } from './provisioning/provisioning-store.ts';
import { fixedKeys } from './secrets/keyring.ts';
import type { Keyring } from './secrets/keyring.ts';
import { secretStore } from './secrets/secret-store.ts';
import type { SecretRecords } from './secrets/secret-store.ts';

export interface Store {
  readonly jobs: JobRecords;
  readonly secrets: SecretRecords;
  readonly cycles: CycleRecords;
  readonly escrows: EscrowRecords;
  readonly provisioning: ProvisioningRecords;
  readonly held: HeldRecords;
  readonly listings: ListingRecords;
  readonly links: LinkRecords;
  readonly logs: LogRecords;
  readonly feed: FeedRecords;
  readonly events: NotificationRecords;
  readonly mirror: MirrorStore;
  /** Of all jobs; writes announced before the given time count as unresolved. */
  readonly figures: (unresolvedBefore: Date) => Promise<Figures>;
  /** Connections of this process, by what they do. */
  readonly pool: () => PoolState;
  readonly access: AccessStore;
  /** Resolves when the database answers; throws one sentence that says why it does not. */
  ping(): Promise<void>;
  /** Ends every connection. */
  close(): Promise<void>;
}
export interface StoreOptions {
  readonly databaseUrl: string;
  /** 32 bytes; encrypts secrets at rest. A ring of keys where it may change. */
  readonly secretKey: Buffer | Keyring;
  readonly logger?: { warn(facts: object, message: string): void };
  /** Connections at most. */
  readonly poolSize?: number;
}

const POOL_SIZE = 10;

/** Throws one sentence with host, port and remedy when the database cannot be reached. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { databaseUrl, secretKey, logger, poolSize = POOL_SIZE } = options;
  const onConnectionLost = (error: Error): void =>
    logger?.warn(
      { reason: error.message },
      'A connection to the database was lost; the next statement opens a new one.',
    );
  const database = openDatabase({ databaseUrl, poolSize, onConnectionLost });
  const ping = (): Promise<void> => connectionTo(databaseUrl, () => database.ping());
  try {
    await ping();
  } catch (error) {
    await database.close();
    throw error;
  }
  return {
    jobs: jobStore(database),
    secrets: secretStore(database, Buffer.isBuffer(secretKey) ? fixedKeys(secretKey) : secretKey),
    cycles: cycleStore(database),
    escrows: escrowStore(database),
    provisioning: provisioningStore(database),
    held: heldStore(database),
    listings: listingStore(database),
    links: linkStore(database),
    feed: feedStore(database),
    logs: logStore(database),
    events: notificationStore(database),
    mirror: mirrorStore(database),
    figures: (unresolvedBefore) => readFigures(database, unresolvedBefore),
    pool: () => database.pool(),
    access: accessStore(database),
    ping,
    close: () => database.close(),
  };
}
