// One HTTP exchange with a target: connections kept open per origin, time-out, limit of size, redirects within the
// origin. Throws WireFailure; any status is an answer.
import type { LookupAddress, LookupOptions } from 'node:dns';
import { lookup } from 'node:dns';
import type { Readable } from 'node:stream';
import { Agent } from 'undici';
import type { Dispatcher } from 'undici';

import { toWireFailure, WireFailure } from './failure.ts';
import { isPrivateAddress } from './private-address.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface WireRequest {
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  readonly method: Method;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}
export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}
export interface Wire {
  /** `onSend` is called for every request that goes out, redirects included. */
  send(request: WireRequest, onSend: () => void): Promise<WireReply>;
  close(): Promise<void>;
}

const LARGEST_BODY = 10 * 1024 * 1024;
const MOST_REDIRECTS = 3;
const LONGEST_CONNECT_MS = 10_000;

export function createWire({
  timeoutMs,
  allowPrivate,
}: {
  readonly timeoutMs: number;
  readonly allowPrivate: boolean;
}): Wire {
  const agent = new Agent({
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: Math.min(LONGEST_CONNECT_MS, timeoutMs), ...(allowPrivate ? {} : { lookup: publicOnly }) },
  });
  const exchange = (request: WireRequest): Promise<WireReply> => sendOnce(agent, request, timeoutMs);
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
    close: () => agent.destroy(),
  };
}

async function sendOnce(agent: Dispatcher, request: WireRequest, timeoutMs: number): Promise<WireReply> {
  const { origin, path, method, headers, body } = request;
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const reply = await agent.request({ origin, path, method, headers, body, signal });
    return { status: reply.statusCode, headers: reply.headers, text: await readText(reply.body) };
  } catch (error) {
    throw toWireFailure(error);
  }
}

async function readText(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new WireFailure('unusable', 'more than 10 MB');
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
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

type LookedUp = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

/** Looks a name up and hides its private addresses, so that no name leads into the network of the engine. */
function publicOnly(hostname: string, options: LookupOptions, callback: LookedUp): void {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const open = error === null ? addresses.filter(({ address }) => !isPrivateAddress(address)) : [];
    const refusal = new WireFailure('private', 'its name leads to a private network, which is not allowed here');
    callback(error ?? (open.length === 0 ? refusal : null), open);
  });
}
