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
import { createRateLimit } from './rate-limit.ts';
import { userSchema } from './schemas.ts';
import type { Room } from './server.ts';
import { createScimServer } from './server.ts';
import { genericService } from './service-rules.ts';
import type { ServiceRules, ServiceState } from './service-rules.ts';
import type { Store } from './store-types.ts';
import { openStore } from './store.ts';

export interface ScimSimulatorOptions {
  /** 0 takes a free port. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** The bearer token that clients must send. */
  readonly token: string;
  /** Which service it is; default: one without peculiarities. */
  readonly rules?: ServiceRules;
  /** For messages; default: the name of the service. */
  readonly name?: string;
  /** State is kept here and survives a restart; without it, state lives in memory. */
  readonly dataFile?: string;
  readonly faults?: Partial<ScimFaults>;
  /** Accounts that exist before anybody provisions; only when the state is empty. */
  readonly seedUsers?: number;
}

export interface ScimSimulator {
  /** Tenant URL. */
  readonly url: string;
  readonly port: number;
  state(): ServiceState;
  /** Users and groups, and what the service calls them itself. */
  show(): JsonObject;
  /** Makes an account as the service does itself, when somebody signs on; does nothing when the name is taken. */
  signOn(userName: string): void;
  /** Since the last reset. */
  requests(): RequestReport;
  resetRequests(): void;
  setFaults(faults: Partial<ScimFaults>): void;
  close(): Promise<void>;
}

/** Throws ConfigError when the port is taken. */
export async function startScimSimulator(options: ScimSimulatorOptions): Promise<ScimSimulator> {
  const { host = '127.0.0.1', token, rules = genericService } = options;
  const { name = rules.name } = options;
  const store = openStore(options.dataFile ?? null);
  const room: Room = {
    app: { store, base: '', rules, now: () => new Date(), faults: () => room.faults },
    token,
    log: createRequestLog(),
    rate: createRateLimit(() => performance.now()),
    show: () => shownBy(room.app),
    signOn: (userName) => signOn(room.app, userName),
    faults: { ...noFaults, ...rules.limits, ...options.faults },
  };
  const server = createScimServer(room);
  try {
    await listen(server, options.port, host, name);
  } catch (error) {
    store.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${String(port)}${rules.basePath}`;
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
    show: () => shownBy(room.app),
    signOn: (userName) => signOn(room.app, userName),
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

const stateOf = (app: Served): ServiceState => ({
  users: everyResource(app, 'User'),
  groups: everyResource(app, 'Group'),
});

function shownBy(app: Served): JsonObject {
  const state = stateOf(app);
  return { ...state, ...app.rules.show?.(state) };
}

const everyResource = (app: Served, type: ResourceSchema['type']): readonly JsonObject[] =>
  app.rules.resources
    .filter((schema) => schema.type === type)
    .flatMap((schema) => [...app.store.ids(schema.endpoint)].map((id) => render(app, schema, id)))
    .map((text) => JSON.parse(text) as JsonObject);

function signOn(app: Served, userName: string): void {
  const users = app.rules.resources.find(({ type }) => type === 'User');
  if (users === undefined || app.store.holders('Users', 'userName', userName).length > 0) return;
  create(app, users, { schemas: [users.core.id], userName });
}

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
