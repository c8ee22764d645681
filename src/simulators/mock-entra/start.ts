// Starts the mock Entra: an authority and a Microsoft Graph of one generated tenant, over https. Changes made by hand, keys
// and link tokens are kept in the data directory; a tenant of other parameters has a folder of its own there.
import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import type { MockClient } from './auth/mock-client.ts';
import { bearerCheck } from './auth/bearer.ts';
import { openLinkKey, openSigningKey } from './auth/signing-key.ts';
import { openCodes } from './auth/sign-in.ts';
import type { Person } from './auth/sign-in.ts';
import { createFaultState, readFaults } from './faults.ts';
import type { ApplicationTemplate, World } from './http/call.ts';
import { createRequestLog, expireLinks } from './http/control.ts';
import { createSeal } from './http/seal.ts';
import { serveMock } from './http/server.ts';
import { nonGallery } from './routes/templates.ts';
import { openDirectory, propertiesOf, userByName, userRef } from './state/directory.ts';
import type { Directory } from './state/directory.ts';
import { createTenant, MOCK_TENANT_ID } from './tenant/tenant.ts';
import { textOf } from './text.ts';

export { MOCK_TENANT_ID };

export interface MockEntraOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Address to listen on; default 127.0.0.1. */
  readonly host?: string;
  readonly users: number;
  readonly groups: number;
  /** The same seed makes the same tenant. */
  readonly seed: number;
  /** Folder of the mock's own. */
  readonly dataDir: string;
  readonly tls: { readonly cert: string; readonly key: string };
  /** Accepted as a bearer token besides the authority's own. */
  readonly acceptToken?: string;
  /** Members of Faults; a wrong one throws. */
  readonly faults?: Readonly<Record<string, unknown>>;
  readonly tenantId?: string;
  /** Besides client `provisor` with secret `provisor`. */
  readonly clients?: readonly MockClient[];
  /** The gallery, besides the non-gallery application. */
  readonly applicationTemplates?: readonly ApplicationTemplate[];
  /** Default: the clock. */
  readonly now?: () => Date;
}

export interface MockEntra {
  /** `https://localhost:PORT` */
  readonly url: string;
  readonly tenantId: string;
  readonly port: number;
  close(): Promise<void>;
}

const provisor: MockClient = { id: 'provisor', secret: 'provisor' };

/** Throws an Error with one sentence when the port is taken, an option is wrong or the data directory is damaged. */
export async function startMockEntra(options: MockEntraOptions): Promise<MockEntra> {
  const { dataDir, seed, users, groups, now = () => new Date() } = options;
  const faults = readFaults(options.faults ?? {});
  const tenant = createTenant(options);
  const name = `tenant-${String(seed)}-${String(users)}-${String(groups)}`;
  const folder = join(dataDir, name);
  mkdirSync(folder, { recursive: true });
  const key = await openSigningKey(dataDir);
  const server = createServer(options.tls);
  // The port is the lock of the journal: whoever holds it is the only writer.
  const port = await listen(server, options);
  try {
    const directory = openDirectory(tenant, join(folder, 'journal.jsonl'));
    expireLinks(directory, faults);
    const world: World = {
      directory,
      seal: createSeal(`${openLinkKey(dataDir)}/${name}`),
      faults: createFaultState(faults, seed),
      templates: [nonGallery, ...(options.applicationTemplates ?? [])],
      now,
    };
    const clients = [provisor, ...(options.clients ?? [])];
    const codes = openCodes({ clients, personOf: (hint) => personOf(directory, hint), now });
    const authority = { tenantId: tenant.id, key, clients, codes, now };
    serveMock(server, {
      world,
      authority,
      checkBearer: bearerCheck(key, options.acceptToken, now),
      requests: createRequestLog(),
    });
    return {
      url: `https://localhost:${String(port)}`,
      tenantId: tenant.id,
      port,
      close: closer(server, directory),
    };
  } catch (error) {
    server.close();
    throw error;
  }
}

function personOf(directory: Directory, hint: string | null): Person | null {
  const ref = hint === null ? userRef(directory, 0) : userByName(directory, hint);
  if (ref === null) return null;
  const { userPrincipalName, displayName } = propertiesOf(directory, ref);
  return { id: ref.id, userPrincipalName: textOf(userPrincipalName), displayName: textOf(displayName) };
}

function listen(server: Server, { port, host = '127.0.0.1' }: MockEntraOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, port, host)));
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function listenError(error: Error, port: number, host: string): Error {
  if (!('code' in error) || error.code !== 'EADDRINUSE') return error;
  return new Error(
    `Port ${String(port)} on ${host} is in use, so the mock Entra cannot start: end the program that holds it, or set MOCK_ENTRA_PORT to another port (0 takes a free one).`,
    { cause: error },
  );
}

/** Closes once, however often it is asked to: a file descriptor may belong to somebody else the second time. */
function closer(server: Server, directory: { close(): void }): () => Promise<void> {
  let closed: Promise<void> | undefined;
  return () => {
    closed ??= new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }).then(() => directory.close());
    return closed;
  };
}
