// Opens the ports: one application, reachable over http and https.
import { createServer as createHttpsServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { ConfigError } from '../rules/model/errors.ts';

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly tlsPort: number;
  /** PEM; no https without it. */
  readonly tls?: { readonly cert: string; readonly key: string };
}
export interface Listening {
  readonly url: string;
  readonly tlsUrl: string | null;
  /** Ends both ports, and with them the application. */
  close(): Promise<void>;
}

/** Port 0 takes a free one. Throws ConfigError that names port and setting; then nothing listens. */
export async function listen(app: FastifyInstance, options: ListenOptions): Promise<Listening> {
  const { host, port, tls, tlsPort } = options;
  await app.listen({ host, port }).catch((error: unknown) => refuse(error, 'PORT', port, host));
  const secure =
    tls === undefined ? null : createHttpsServer(tls, (request, response) => app.routing(request, response));
  const close = async (): Promise<void> => {
    await Promise.all([secure === null ? null : closeServer(secure), app.close()]);
  };
  if (secure !== null)
    await openPort(secure, tlsPort, host).catch(async (error: unknown) => {
      await app.close();
      return refuse(error, 'TLS_PORT', tlsPort, host);
    });
  return {
    url: `http://${named(host, '127.0.0.1')}:${portOf(app.server.address())}`,
    // Graph clients take a name for https.
    tlsUrl: secure === null ? null : `https://${named(host, 'localhost')}:${portOf(secure.address())}`,
    close,
  };
}

const openPort = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });

/** Requests under way are answered; connections that only wait are closed. */
const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });

const portOf = (address: string | AddressInfo | null): string =>
  typeof address === 'object' && address !== null ? String(address.port) : '';

/** An address that a program on this machine can open. */
function named(host: string, own: string): string {
  if (host === '127.0.0.1' || host === '0.0.0.0' || host === '::' || host === 'localhost') return own;
  return host.includes(':') ? `[${host}]` : host;
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use by another program',
  EACCES: 'may not be opened by this user',
  EADDRNOTAVAIL: 'cannot be opened, because this machine has no such address',
  ENOTFOUND: 'cannot be opened, because the host name is unknown',
};

function refuse(error: unknown, setting: 'PORT' | 'TLS_PORT', port: number, host: string): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = reasons[code];
  if (reason === undefined) throw error;
  throw new ConfigError(
    'PortUnavailable',
    `Port ${String(port)} on ${host} ${reason}. Set ${setting} to a free port (or HOST to an address of this machine) and start again.`,
    setting,
  );
}
