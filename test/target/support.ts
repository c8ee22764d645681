// Sessions against the simulator and against small servers that answer what a test tells them.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createSocketServer } from 'node:net';

import { rfcDialect } from '../../src/rules/model/target.ts';
import type { ScimSimulator } from '../../src/simulators/scim/start.ts';
import { startScimSimulator } from '../../src/simulators/scim/start.ts';
import type { ScimSession } from '../../src/target/session.ts';
import type { ScimTargetOptions, ScimTargets } from '../../src/target/scim-targets.ts';
import { scimTargets } from '../../src/target/scim-targets.ts';

export const token = 'very-secret-token';
export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';

const endings: (() => Promise<unknown>)[] = [];
export const atEnd = (end: () => Promise<unknown>): void => void endings.push(end);
export async function endAll(): Promise<void> {
  for (const end of endings.splice(0).reverse()) await end();
}

export function targets(options: Partial<ScimTargetOptions> = {}): ScimTargets {
  const made = scimTargets({ userAgent: 'Provisor/test', allowPrivate: true, concurrency: 4, ...options });
  atEnd(() => made.close());
  return made;
}

export function session(
  baseAddress: string,
  options: Partial<ScimTargetOptions> = {},
  secret: string | null = token,
): ScimSession {
  return targets(options).open({ baseAddress, token: secret }, rfcDialect);
}

export async function simulator(
  options: Partial<Parameters<typeof startScimSimulator>[0]> = {},
): Promise<ScimSimulator> {
  const started = await startScimSimulator({ port: 0, token, ...options });
  atEnd(() => started.close());
  return started;
}

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
export interface RawServer {
  readonly url: string;
  readonly seen: readonly Seen[];
}
type Answering = (request: Seen, response: ServerResponse, count: number) => void;

/** `count` starts at 1. */
export async function server(answer: Answering): Promise<RawServer> {
  const seen: Seen[] = [];
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const noted = { method, url, headers, body: Buffer.concat(chunks).toString() };
      seen.push(noted);
      answer(noted, response, seen.length);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  atEnd(async () => {
    const closed = new Promise((resolve) => http.close(resolve));
    http.closeAllConnections();
    await closed;
  });
  return { url: `http://127.0.0.1:${String((http.address() as AddressInfo).port)}/scim`, seen };
}

export function reply(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/scim+json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

export const listOf = (...resources: readonly object[]): object => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
  totalResults: resources.length,
  Resources: resources,
});

/** Answers each connection with these bytes as soon as a request came, and closes it. */
export async function byteServer(bytes: string): Promise<RawServer & { connections(): number }> {
  let connections = 0;
  const open = new Set<{ destroy(): void }>();
  const tcp = createSocketServer((socket) => {
    connections += 1;
    open.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(bytes));
  });
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  atEnd(async () => {
    const closed = new Promise((resolve) => tcp.close(resolve));
    for (const socket of open) socket.destroy();
    await closed;
  });
  const { port } = tcp.address() as AddressInfo;
  return { url: `http://127.0.0.1:${String(port)}`, seen: [], connections: () => connections };
}

/** A port on which nothing listens. */
export async function freePort(): Promise<number> {
  const tcp = createSocketServer();
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  const { port } = tcp.address() as AddressInfo;
  await new Promise((resolve) => tcp.close(resolve));
  return port;
}
