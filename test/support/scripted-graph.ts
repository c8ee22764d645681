// A Graph over https that answers exactly what a test scripts, malformed answers included; tokens come from the same host.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownCa } from '../../src/control/own-ca.ts';

export type Reply =
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly json: unknown }
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly text: string }
  /** Ends the connection: before a byte is sent, in the middle of the body, or never. */
  | { readonly broken: 'reset' | 'cut' | 'silent' };

export interface ScriptedGraph {
  readonly url: string;
  readonly caPem: string;
  /** `GET /v1.0/users?…` of every request below /v1.0, in order, decoded. */
  readonly asked: readonly string[];
  /** Bodies of POSTs, parsed. */
  readonly bodies: readonly unknown[];
  readonly authorizations: ReadonlySet<string | undefined>;
  readonly agents: ReadonlySet<string | undefined>;
  close(): Promise<void>;
}
export interface Script {
  /** Called for each request below /v1.0, with its number from 1 and its parsed body. */
  readonly graph: (asked: string, count: number, body: unknown) => Reply;
  readonly token?: (count: number) => Reply;
}

const goodToken: Reply = {
  json: { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: 'header.payload.signature' },
};

export async function scriptedGraph(script: Script): Promise<ScriptedGraph> {
  const dir = await mkdtemp(join(tmpdir(), 'scripted-graph-'));
  const { caPem, cert, key } = await ownCa(dir);
  const asked: string[] = [];
  const bodies: unknown[] = [];
  const authorizations = new Set<string | undefined>();
  const agents = new Set<string | undefined>();
  let tokens = 0;
  const answer = (request: IncomingMessage, body: string): Reply => {
    const url = decodeURIComponent(request.url ?? '');
    if (url.includes('openid-configuration'))
      return { json: openId(`https://${String(request.headers.host)}`, url.split('/')[1] ?? '') };
    if (url.includes('/oauth2/')) return script.token?.(++tokens) ?? goodToken;
    authorizations.add(request.headers.authorization);
    agents.add(request.headers['user-agent']);
    const parsed: unknown = body === '' ? null : JSON.parse(body);
    if (parsed !== null) bodies.push(parsed);
    asked.push(`${String(request.method)} ${url}`);
    return script.graph(`${String(request.method)} ${url}`, asked.length, parsed);
  };
  const server = createServer({ cert, key }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => send(response, answer(request, Buffer.concat(chunks).toString())));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://localhost:${String((server.address() as AddressInfo).port)}`;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(dir, { recursive: true, force: true });
  };
  return { url, caPem, asked, bodies, authorizations, agents, close };
}

function openId(origin: string, tenant: string) {
  const root = `${origin}/${tenant}`;
  return {
    authorization_endpoint: `${root}/oauth2/v2.0/authorize`,
    token_endpoint: `${root}/oauth2/v2.0/token`,
    issuer: `${root}/v2.0`,
    jwks_uri: `${root}/discovery/v2.0/keys`,
  };
}

function send(response: ServerResponse, reply: Reply): void {
  if ('broken' in reply) {
    if (reply.broken === 'reset') response.destroy();
    if (reply.broken !== 'cut') return;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"value": [', () => response.destroy());
    return;
  }
  const text = 'text' in reply ? reply.text : JSON.stringify(reply.json);
  const type = 'text' in reply ? 'text/html' : 'application/json;odata.metadata=minimal;charset=utf-8';
  response
    .writeHead(reply.status ?? 200, { 'content-type': type, 'request-id': 'request-7', ...reply.headers })
    .end(text);
}

export const graphError = (code: string, message = 'refused', innerCode?: string) => ({
  error: {
    code,
    message,
    innerError: {
      date: '2026-01-01T00:00:00',
      'request-id': 'inner-7',
      ...(innerCode === undefined ? {} : { code: innerCode }),
    },
  },
});
