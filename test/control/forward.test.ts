// Forwarding and listening with real sockets: an https directory of our own CA stands behind the API.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpsServer } from 'node:https';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, fetch } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listen } from '../../src/control/listen.ts';
import type { Listening } from '../../src/control/listen.ts';
import { ownCa } from '../../src/control/own-ca.ts';
import type { OwnCa } from '../../src/control/own-ca.ts';
import { ADMIN, openControl } from '../support/control.ts';
import type { Control } from '../support/control.ts';
import { SP } from '../support/fake-deps.ts';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly host: string;
  readonly authorization: string;
  readonly body: string;
}

let dataDir: string;
let ca: OwnCa;
let directory: Server;
let control: Control;
let listening: Listening;
let trusting: Agent;
let seen: Seen[] = [];

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { host = '', authorization = '' } = request.headers;
  seen.push({
    method: request.method ?? '',
    url: request.url ?? '',
    host,
    authorization,
    body: Buffer.concat(chunks).toString(),
  });
  response.writeHead(request.method === 'POST' ? 201 : 200, {
    'content-type': 'application/json',
    'x-ms-resource-unit': '2',
  });
  response.end(JSON.stringify({ '@odata.nextLink': `https://${host}/v1.0/users?$skiptoken=x` }));
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'provisor-forward-'));
  ca = await ownCa(dataDir);
  trusting = new Agent({ connect: { ca: ca.caPem } });
  directory = createHttpsServer({ cert: ca.cert, key: ca.key }, (request, response) => void answer(request, response));
  await new Promise<void>((resolve) => directory.listen(0, 'localhost', resolve));
  const { port } = directory.address() as AddressInfo;
  control = await openControl({ forward: { url: `https://localhost:${String(port)}`, caPem: ca.caPem } });
  listening = await listen(control.app, {
    host: '127.0.0.1',
    port: 0,
    tlsPort: 0,
    tls: { cert: ca.cert, key: ca.key },
  });
});
beforeEach(() => void (seen = []));
afterAll(async () => {
  await listening.close();
  await trusting.close();
  directory.close();
  await rm(dataDir, { recursive: true, force: true });
});

const ask = (
  path: string,
  init: { method?: string; body?: string; headers?: Record<string, string> } = {},
  base = listening.url,
) =>
  fetch(`${base}${path}`, {
    ...init,
    dispatcher: trusting,
    headers: { authorization: `Bearer ${ADMIN}`, ...init.headers },
  });

describe('directory paths', () => {
  it('are forwarded as they were written, with the Host of the caller and the token of the engine', async () => {
    const path = "/v1.0/servicePrincipals(appId='x')/appRoleAssignedTo?$filter=a%20eq%20%27b%27";
    const response = await ask(path);
    expect(response.status).toBe(200);
    expect(seen).toEqual([
      { method: 'GET', url: path, host: new URL(listening.url).host, authorization: `Bearer ${ADMIN}`, body: '' },
    ]);
    expect(response.headers.get('x-ms-resource-unit')).toBe('2');
    expect(response.headers.get('request-id')).not.toBeNull();
  });

  it('pass bodies and statuses through, over https too', async () => {
    const body = JSON.stringify({ displayName: 'Zoë' });
    const response = await ask(
      '/v1.0/users',
      { method: 'POST', body, headers: { 'content-type': 'application/json' } },
      listening.tlsUrl ?? '',
    );
    expect(response.status).toBe(201);
    expect(seen).toMatchObject([{ method: 'POST', body }]);
    expect(await response.json()).toEqual({
      '@odata.nextLink': `https://${new URL(listening.tlsUrl ?? '').host}/v1.0/users?$skiptoken=x`,
    });
  });

  it.each([
    '/v1.0/users',
    '/beta/groups/x/members/$ref',
    '/v1.0/directory/deletedItems/microsoft.graph.user',
    '/v1.0/$batch',
    "/v1.0/users('x')/manager/$ref",
    '/v1.0/groups/delta()',
  ])('include %s', async (path) => {
    await ask(path, path.endsWith('$batch') ? { method: 'POST', body: '{}' } : {});
    expect(seen.map(({ url }) => url)).toEqual([path]);
  });

  it.each([`/v1.0/servicePrincipals/${SP.id}/synchronization/nowhere`, '/v1.0/me', '/v1.0/users/../../faults'])(
    'do not include %s',
    async (path) => {
      const { hostname, port } = new URL(listening.url);
      expect(await rawStatus(hostname, port, path)).toBe(404);
      expect(seen).toEqual([]);
    },
  );

  it('never lead to another host, whatever the request line says', async () => {
    const { hostname, port } = new URL(listening.url);
    for (const path of ['//evil.example/v1.0/users', 'http://evil.example/v1.0/users']) {
      const status = await rawStatus(hostname, port, path);
      expect([200, 400, 404]).toContain(status);
    }
    expect(seen.every(({ authorization }) => authorization === `Bearer ${ADMIN}`)).toBe(true);
  });
});

/** fetch would tidy the path up. */
async function rawStatus(hostname: string, port: string, path: string): Promise<number> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, headers: { authorization: `Bearer ${ADMIN}` } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject).end();
  });
}

describe('listening', () => {
  it('serves the same over http and https', async () => {
    for (const base of [listening.url, listening.tlsUrl ?? ''])
      expect((await ask('/healthz', {}, base)).status).toBe(200);
    expect(listening.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(listening.tlsUrl).toMatch(/^https:\/\/localhost:\d+$/);
  });

  it.each(['PORT', 'TLS_PORT'] as const)(
    'names the setting %s when its port is taken, and leaves nothing open',
    async (setting) => {
      const other = await openControl();
      const taken = Number(new URL(setting === 'PORT' ? listening.url : (listening.tlsUrl ?? '')).port);
      const ports = setting === 'PORT' ? { port: taken, tlsPort: 0 } : { port: 0, tlsPort: taken };
      await expect(
        listen(other.app, { host: '127.0.0.1', ...ports, tls: { cert: ca.cert, key: ca.key } }),
      ).rejects.toThrow(new RegExp(`^Port ${String(taken)} on 127.0.0.1 is in use.* ${setting} `));
      expect(other.app.server.listening).toBe(false);
      await other.close();
    },
  );
});
