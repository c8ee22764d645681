// The https server: reads a request, sends it to the authority, to Graph or to the mock's own controls, writes the answer.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import type { Json } from '../../../rules/model/json.ts';
import { answerAuthority, type Authority } from '../auth/authority.ts';
import type { CheckBearer } from '../auth/bearer.ts';
import type { FaultVerdict } from '../faults.ts';
import { parseQuery, type Answer, type Call, type World } from './call.ts';
import { answerControl, type RequestLog } from './control.ts';
import { badRequest, GraphError } from './errors.ts';
import { answerGraph, errorAnswer } from './graph.ts';
import { segmentsOf } from './router.ts';

export interface ServerParts {
  readonly world: World;
  readonly authority: Authority;
  readonly checkBearer: CheckBearer;
  readonly requests: RequestLog;
}
interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly rawQuery: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}
interface Reply {
  readonly answer: Answer;
  readonly verdict: FaultVerdict;
}

const maximumBytes = 4 * 1024 * 1024;
const jsonType = 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

/** Answers the requests of a server that listens already. */
export function serveMock(server: Server, parts: ServerParts): void {
  server.on('request', (request, response) => {
    void serve(parts, request, response);
  });
}

async function serve(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const incoming = await read(request);
    const reply = await replyTo(parts, incoming);
    send(response, incoming, reply);
  } catch (error) {
    if (response.destroyed) return;
    const headers = headersOf(request);
    const answer = errorAnswer(parts.world, { headers }, error);
    send(response, { headers }, { answer, verdict: 'none' });
  }
}

async function read(request: IncomingMessage): Promise<Incoming> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maximumBytes)
      throw new GraphError(413, 'RequestEntityTooLarge', 'The request body is larger than 4 MB.');
    chunks.push(chunk);
  }
  const url = request.url ?? '/';
  const cut = url.indexOf('?');
  return {
    method: request.method ?? 'GET',
    path: cut === -1 ? url : url.slice(0, cut),
    rawQuery: cut === -1 ? '' : url.slice(cut + 1),
    headers: headersOf(request),
    text: Buffer.concat(chunks).toString('utf8'),
  };
}

const headersOf = (request: IncomingMessage): Incoming['headers'] =>
  Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  );

async function replyTo(parts: ServerParts, incoming: Incoming): Promise<Reply> {
  const { world, requests } = parts;
  const [first = '', ...segments] = segmentsOf(incoming.path);
  if (first === 'mock') {
    await parts.checkBearer(incoming.headers['authorization']);
    const call = {
      method: incoming.method,
      segments,
      query: parseQuery(incoming.rawQuery),
      body: parseBody(incoming.text),
    };
    return { answer: answerControl(world, requests, call), verdict: 'none' };
  }
  requests.add({
    method: incoming.method,
    path: incoming.rawQuery === '' ? incoming.path : `${incoming.path}?${incoming.rawQuery}`,
  });
  if (first !== 'v1.0' && first !== 'beta')
    return { answer: await authorityAnswer(parts, incoming, [first, ...segments]), verdict: 'none' };
  await parts.checkBearer(incoming.headers['authorization']);
  const verdict = world.faults.next();
  if (world.faults.current.delayMs > 0) await wait(world.faults.current.delayMs, undefined, { ref: false });
  return { answer: await answerGraph(world, callOf(incoming, first, segments), verdict), verdict };
}

async function authorityAnswer(
  { authority }: ServerParts,
  incoming: Incoming,
  segments: readonly string[],
): Promise<Answer> {
  const form = new URLSearchParams(incoming.text);
  const query = new URLSearchParams(incoming.rawQuery);
  const { method, headers } = incoming;
  const call = { method, origin: originOf(incoming), segments, headers, query, form };
  const answer = await answerAuthority(authority, call);
  if (answer !== null) return answer;
  throw new GraphError(404, 'BadRequest', `Nothing is served at '${incoming.path}': Graph is below /v1.0 and /beta.`);
}

function callOf(incoming: Incoming, version: 'v1.0' | 'beta', segments: readonly string[]): Call {
  return {
    method: incoming.method,
    origin: originOf(incoming),
    version,
    rawPath: incoming.path,
    rawQuery: incoming.rawQuery,
    segments,
    query: parseQuery(incoming.rawQuery),
    headers: incoming.headers,
    body: parseBody(incoming.text),
  };
}

/** Behind a forwarder, links must lead to the forwarder. */
const originOf = ({ headers }: Incoming): string =>
  `${headers['x-forwarded-proto'] === 'http' ? 'http' : 'https'}://${headers['host'] ?? 'localhost'}`;

function parseBody(text: string): Json | undefined {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw badRequest(
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    );
  }
}

function send(response: ServerResponse, incoming: Pick<Incoming, 'headers'>, { answer, verdict }: Reply): void {
  if (verdict === 'drop') {
    response.destroy();
    return;
  }
  const requestId = randomUUID();
  const body =
    answer.body === undefined ? '' : typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  const bytes = Buffer.from(body);
  response.writeHead(answer.status, {
    ...(answer.body === undefined ? {} : { 'content-type': typeof answer.body === 'string' ? 'text/plain' : jsonType }),
    ...(answer.status === 204 ? {} : { 'content-length': bytes.length }),
    'odata-version': '4.0',
    'request-id': requestId,
    'client-request-id': incoming.headers['client-request-id'] ?? requestId,
    ...answer.headers,
  });
  if (verdict === 'truncate' && bytes.length > 1)
    response.write(bytes.subarray(0, bytes.length >>> 1), () => response.destroy());
  else response.end(bytes);
}
