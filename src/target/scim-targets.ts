// The SCIM client of the process: connections and concurrency shared by all sessions of one origin and credential.
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { LimitFunction } from 'p-limit';
import pLimit from 'p-limit';

import { SystemError } from '../rules/model/errors.ts';
import type { Dialect, TargetConnection } from '../rules/model/target.ts';
import { bearerToken } from './credential.ts';
import type { Credential } from './credential.ts';
import type { TargetLogger } from './exchange.ts';
import { WireFailure } from './failure.ts';
import { clientCredentials } from './oauth-token.ts';
import type { RequestIds, TargetObserver } from './observer.ts';
import { newPatience } from './pace.ts';
import type { Pace } from './pace.ts';
import type { ScimSession } from './session.ts';
import { openSession } from './session.ts';
import type { SessionOptions } from './talk.ts';
import { checkTenantUrl, readTenantUrl } from './tenant-url.ts';
import { createWire } from './wire.ts';

export interface ScimTargetOptions {
  /** `Provisor/<version>`; some applications refuse requests without one. */
  readonly userAgent: string;
  /** For one exchange, from the first byte sent to the last received. Default 30 s. */
  readonly timeoutMs?: number;
  /** Tenant URLs on loopback and private networks. */
  readonly allowPrivate: boolean;
  /** Requests in flight against one application with one credential. */
  readonly concurrency: number;
  readonly logger?: TargetLogger;
  readonly observer?: TargetObserver;
  /** The work that a request is sent for; asked at each. */
  readonly correlation?: () => RequestIds;
  /** Waits between attempts; by default real time. */
  readonly wait?: (ms: number) => Promise<void>;
}

export interface ScimTargets {
  /** Throws SystemError when the tenant URL cannot be used. */
  open(connection: TargetConnection, dialect: Dialect, options?: SessionOptions): ScimSession;
  /** Ends all connections; what is under way fails as unreachable. */
  close(): Promise<void>;
}

/** What all sessions of one application and credential share. */
interface Shared {
  readonly limit: LimitFunction;
  readonly pace: Pace;
  readonly credential: Credential;
}

export function scimTargets(options: ScimTargetOptions): ScimTargets {
  const { userAgent, allowPrivate, concurrency, logger = null, timeoutMs = 30_000 } = options;
  const watched = { observer: options.observer ?? null, correlation: options.correlation ?? (() => ({})) };
  const wire = createWire({ timeoutMs, allowPrivate });
  const closing = new AbortController();
  const wait = options.wait ?? ((ms: number) => interruptible(ms, closing.signal));
  const tokenRequests = { wire, userAgent, allowPrivate, wait, now: () => Date.now() };
  const targets = new Map<string, Shared>();
  const sharedBy = (connection: TargetConnection, origin: string): Shared => {
    const { token, oauth = null, tls = null } = connection;
    const key = createHash('sha256')
      .update(JSON.stringify([origin, token, oauth, tls]))
      .digest('base64');
    const shared = targets.get(key) ?? {
      limit: pLimit(concurrency),
      pace: { until: 0 },
      credential: oauth === null ? bearerToken(token) : clientCredentials(oauth, { ...tokenRequests, tls }),
    };
    targets.set(key, shared);
    return shared;
  };
  return {
    open(connection, dialect, options) {
      const { baseAddress, tls = null } = connection;
      const problem = checkTenantUrl(baseAddress, allowPrivate);
      const base = readTenantUrl(baseAddress);
      if (problem !== null || base === null) throw unusable(problem ?? baseAddress);
      const sent = { requests: 0, writes: 0 };
      const health = { lost: null, denials: 0, silences: 0, hearing: null };
      const mayWrite = options?.mayWrite ?? (() => Promise.resolve(true));
      const own = {
        mayWrite,
        base,
        tls,
        dialect,
        userAgent,
        wire,
        patience: newPatience(),
        wait,
        logger,
        ...watched,
        sent,
        health,
      };
      return openSession({ ...sharedBy(connection, base.origin), ...own }, dialect, options);
    },
    async close() {
      closing.abort();
      await wire.close();
    },
  };
}

const unusable = (problem: string): SystemError =>
  new SystemError('SystemForCrossDomainIdentityManagementUnreachable', problem);

async function interruptible(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    throw new WireFailure('closed', 'the engine is being stopped', { cause: error });
  }
}
