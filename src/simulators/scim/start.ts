// Starts a simulated SCIM 2.0 application: a careful RFC 7643/7644 server whose state, requests and faults are in reach.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ConfigError } from '../../rules/model/errors.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import type { ResourceSchema } from './attribute.ts';
import type { Served } from './endpoints.ts';
import type { ScimFaults } from './faults.ts';
import { noFaults } from './faults.ts';
import type { RequestReport } from './request-log.ts';
import { createRequestLog } from './request-log.ts';
import { render } from './rendering.ts';
import { create } from './resources.ts';
import { groupSchema, userSchema } from './schemas.ts';
import type { Room } from './server.ts';
import { createScimServer } from './server.ts';
import type { Store } from './store-types.ts';
import { openStore } from './store.ts';

export interface ScimSimulatorOptions {
  /** 0 takes a free port. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** The bearer token that clients must send. */
  readonly token: string;
  /** For messages; default `generic`. */
  readonly name?: string;
  /** State is kept here and survives a restart; without it, state lives in memory. */
  readonly dataFile?: string;
  readonly faults?: Partial<ScimFaults>;
  /** Accounts that exist before anybody provisions; only when the state is empty. */
  readonly seedUsers?: number;
}

export interface ScimSimulator {
  /** Tenant URL, with /scim at its end. */
  readonly url: string;
  readonly port: number;
  state(): { readonly users: readonly JsonObject[]; readonly groups: readonly JsonObject[] };
  /** Since the last reset. */
  requests(): RequestReport;
  resetRequests(): void;
  setFaults(faults: Partial<ScimFaults>): void;
  close(): Promise<void>;
}

/** Throws ConfigError when the port is taken. */
export async function startScimSimulator(options: ScimSimulatorOptions): Promise<ScimSimulator> {
  const { host = '127.0.0.1', name = 'generic', token } = options;
  const store = openStore(options.dataFile ?? null);
  const room: Room = {
    app: { store, base: '', now: () => new Date(), faults: () => room.faults },
    token,
    log: createRequestLog(),
    state: () => stateOf(room.app),
    faults: { ...noFaults, ...options.faults },
  };
  const server = createScimServer(room);
  try {
    await listen(server, options.port, host, name);
  } catch (error) {
    store.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${String(port)}/scim`;
  room.app = { ...room.app, base: url };
  seed(room.app, options.seedUsers ?? 0);
  return handle(room, server, store, url, port);
}

function handle(room: Room, server: Server, store: Store, url: string, port: number): ScimSimulator {
  let stopped: Promise<void> | null = null;
  return {
    url,
    port,
    state: () => stateOf(room.app),
    requests: () => room.log.report(),
    resetRequests: () => room.log.reset(),
    setFaults(faults) {
      room.faults = { ...room.faults, ...faults };
    },
    close: () => (stopped ??= stop(server, store)),
  };
}

function listen(server: Server, port: number, host: string, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${String(port)} on ${host} is in use, so the SCIM simulator ${name} cannot listen there: choose another port, or stop what uses it.`;
      reject(error.code === 'EADDRINUSE' ? new ConfigError('PortInUse', taken, 'port') : error);
    });
    server.listen(port, host, resolve);
  });
}

function stop(server: Server, store: Store): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      store.close();
      resolve();
    });
    server.closeAllConnections();
  });
}

function stateOf(app: Served): { readonly users: readonly JsonObject[]; readonly groups: readonly JsonObject[] } {
  return { users: everyResource(app, userSchema), groups: everyResource(app, groupSchema) };
}

const everyResource = (app: Served, schema: ResourceSchema): readonly JsonObject[] =>
  [...app.store.ids(schema.endpoint)].map((id) => JSON.parse(render(app, schema, id)) as JsonObject);

function seed(app: Served, count: number): void {
  if (app.store.count('Users') > 0) return;
  for (let n = 1; n <= count; n += 1) {
    const userName = `existing.user${String(n)}@contoso.com`;
    const name = { givenName: 'Existing', familyName: `User ${String(n)}` };
    create(app, userSchema, {
      schemas: [userSchema.core.id],
      userName,
      name,
      displayName: `Existing User ${String(n)}`,
      active: true,
    });
  }
}
