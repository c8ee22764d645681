// One HTTP exchange with a target: a time limit for all of it, redirects within the origin. Throws WireFailure; any
// status is an answer.
import type { LookupAddress, LookupOptions } from 'node:dns';
import { lookup } from 'node:dns';
import type { Dispatcher } from 'undici';

import type { TlsIdentity } from '../rules/model/target.ts';
import { openAgents } from './agents.ts';
import { readBody } from './body.ts';
import { toWireFailure, WireFailure } from './failure.ts';
import { isPrivateAddress } from './private-address.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface WireRequest {
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  readonly method: Method;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly tls: TlsIdentity | null;
}
export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}
export interface Wire {
  /** `onSend` is called for every request that goes out, redirects included. */
  send(request: WireRequest, onSend: () => void): Promise<WireReply>;
  /** Pools of connections that are open at the moment. */
  pools(): number;
  close(): Promise<void>;
}

const MOST_REDIRECTS = 3;
const LONGEST_CONNECT_MS = 10_000;
const UNUSED_MS = 60_000;

export interface WireOptions {
  readonly timeoutMs: number;
  readonly allowPrivate: boolean;
  /** Connections that nobody used for so long are closed. Default a minute. */
  readonly unusedMs?: number;
}

export function createWire({ timeoutMs, allowPrivate, unusedMs = UNUSED_MS }: WireOptions): Wire {
  const connect = {
    timeout: Math.min(LONGEST_CONNECT_MS, timeoutMs),
    ...(allowPrivate ? {} : { lookup: publicOnly }),
  };
  const agents = openAgents({ headersTimeout: timeoutMs, bodyTimeout: timeoutMs, connect }, unusedMs);
  const exchange = (request: WireRequest): Promise<WireReply> =>
    agents.use(request.origin, request.tls, (agent) => sendOnce(agent, request, timeoutMs));
  return {
    async send(request, onSend) {
      let next = request;
      for (let hops = 0; ; hops += 1) {
        onSend();
        const reply = await exchange(next);
        const location = redirectOf(reply);
        if (location === null) return reply;
        if (hops === MOST_REDIRECTS)
          throw new WireFailure('unusable', `more than ${String(MOST_REDIRECTS)} redirects in a row`);
        next = follow(next, reply.status, location);
      }
    },
    pools: () => agents.size(),
    close: () => agents.close(),
  };
}

async function sendOnce(agent: Dispatcher, request: WireRequest, timeoutMs: number): Promise<WireReply> {
  const { origin, path, method, headers, body } = request;
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const reply = await agent.request({ origin, path, method, headers, body, signal });
    return { status: reply.statusCode, headers: reply.headers, text: await readBody(reply) };
  } catch (error) {
    throw toWireFailure(error);
  }
}

function redirectOf({ status, headers }: WireReply): string | null {
  const { location } = headers;
  return [301, 302, 303, 307, 308].includes(status) && typeof location === 'string' ? location : null;
}

/** A write is repeated only where the status says that it is to be repeated as it is. */
function follow(request: WireRequest, status: number, location: string): WireRequest {
  const here = request.origin + request.path;
  if (!URL.canParse(location, here)) throw new WireFailure('unusable', 'a redirect to what is no URL');
  const target = new URL(location, here);
  if (target.origin !== request.origin)
    throw new WireFailure('unusable', `a redirect to another place (${target.origin})`);
  if (request.method !== 'GET' && status !== 307 && status !== 308) {
    throw new WireFailure('unusable', `a redirect with status ${String(status)} of a ${request.method}`);
  }
  return { ...request, path: target.pathname + target.search };
}

type LookedUp = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** Looks a name up and hides its private addresses, so that no name leads into the network of the engine. */
function publicOnly(hostname: string, options: LookupOptions, callback: LookedUp): void {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const open = error === null ? addresses.filter(({ address }) => !isPrivateAddress(address)) : [];
    const refusal = new WireFailure('private', 'its name leads to a private network, which is not allowed here');
    const [first] = open;
    if (error !== null || first === undefined) callback(error ?? refusal, []);
    else if (options.all === true) callback(null, open);
    else callback(null, first.address, first.family);
  });
}
