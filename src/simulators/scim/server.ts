// The HTTP side of the simulator: reads a request, applies the faults, checks the token, answers, keeps the log.
// SCIM lives under the path of the service; the control endpoints under /simulator need no token on loopback.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { ConfigError } from '../../rules/model/errors.ts';
import type { Json, JsonObject } from '../../rules/model/json.ts';
import type { Answer, Served } from './endpoints.ts';
import { answer, refusal } from './endpoints.ts';
import type { ScimFaults } from './faults.ts';
import { changeFaults } from './faults.ts';
import { isObject, textOf } from './normalise.ts';
import type { RateLimit } from './rate-limit.ts';
import type { RequestLog } from './request-log.ts';

export interface Room {
  app: Served;
  readonly token: string;
  readonly log: RequestLog;
  readonly rate: RateLimit;
  readonly show: () => JsonObject;
  readonly signOn: (userName: string) => void;
  faults: ScimFaults;
}

const LARGEST_BODY = 10 * 1024 * 1024;

export const createScimServer = (room: Room): Server =>
  createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    handle(room, request, response).catch((error: unknown) => crash(response, error));
  });

function crash(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return;
  send(response, refusal(500, `The simulator failed: ${error instanceof Error ? error.message : String(error)}`));
}

async function handle(room: Room, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  const url = request.url ?? '/';
  const base = room.app.rules.basePath;
  if (url.startsWith('/simulator/')) send(response, control(room, request, url, body ?? ''));
  else if (url !== base && !url.startsWith(`${base}/`) && !url.startsWith(`${base}?`))
    send(response, refusal(404, `SCIM is served under ${base}.`));
  else await serve(room, request, response, body);
}

/** `null` when it is larger than the server takes. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= LARGEST_BODY) chunks.push(chunk);
  }
  return size > LARGEST_BODY ? null : Buffer.concat(chunks).toString('utf8');
}

async function serve(
  room: Room,
  request: IncomingMessage,
  response: ServerResponse,
  body: string | null,
): Promise<void> {
  const fault = takeFault(room, request.method ?? '');
  if (room.faults.delayMs > 0) await delay(room.faults.delayMs);
  const breaks = fault?.dropConnection === true ? 'before' : (fault?.dropConnection ?? false);
  const failure = fault !== null && breaks !== 'after';
  const given = failure ? failed(fault) : (tooMany(room) ?? scim(room, request, body));
  note(room, request, body ?? '', breaks === false ? given.status : 0);
  if (breaks === false) send(response, given);
  else request.socket.destroy();
}

function takeFault(room: Room, method: string): ScimFaults | null {
  const { faults } = room;
  if (faults.failNext === 0 || (faults.failMethods.length > 0 && !faults.failMethods.includes(method))) return null;
  room.faults = { ...faults, failNext: faults.failNext - 1 };
  return faults;
}

function failed({ status, retryAfter, html }: ScimFaults): Answer {
  const headers: Record<string, string> = retryAfter === null ? {} : { 'retry-after': String(retryAfter) };
  if (!html) return { ...refusal(status, 'This failure was asked for.'), headers };
  return {
    status,
    body: '<html><body><h1>Sign in</h1></body></html>',
    headers: { ...headers, 'content-type': 'text/html' },
  };
}

function tooMany({ rate, faults }: Room): Answer | null {
  const wait = rate.take(faults.requestsPerSecond);
  if (wait === 0) return null;
  const detail = `More than ${String(faults.requestsPerSecond)} requests a second.`;
  return { ...refusal(429, detail), headers: { 'retry-after': String(wait) } };
}

function scim(room: Room, request: IncomingMessage, body: string | null): Answer {
  if (!authorised(room, request)) {
    return { ...refusal(401, 'The bearer token is missing or wrong.'), headers: { 'www-authenticate': 'Bearer' } };
  }
  if (body === null) return refusal(413, 'The body is larger than 10 MB.');
  const [path, search] = splitOnce((request.url ?? '').slice(room.app.rules.basePath.length), '?');
  const segments = decode(path);
  if (segments === null) return refusal(400, `The path ${path} is not percent-encoded correctly.`, 'invalidPath');
  return answer(room.app, {
    method: request.method ?? '',
    segments,
    query: new URLSearchParams(search),
    contentType: request.headers['content-type'] ?? '',
    body,
  });
}

function splitOnce(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(path: string): readonly string[] | null {
  try {
    return path
      .split('/')
      .filter((each) => each !== '')
      .map(decodeURIComponent);
  } catch {
    return null;
  }
}

function authorised(room: Room, request: IncomingMessage): boolean {
  const [scheme, token] = splitOnce(request.headers.authorization ?? '', ' ');
  return scheme.toLowerCase() === 'bearer' && token.trim() === room.token;
}

function note(room: Room, request: IncomingMessage, body: string, status: number): void {
  const correlation = request.headers['x-correlation-id'];
  room.log.note({
    at: room.app.now().toISOString(),
    method: request.method ?? '',
    path: (request.url ?? '').slice(room.app.rules.basePath.length),
    status,
    userAgent: request.headers['user-agent'] ?? null,
    correlationId: typeof correlation === 'string' ? correlation : null,
    body,
  });
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  const type = body === '' ? {} : { 'content-type': 'application/scim+json; charset=utf-8' };
  response.writeHead(status, {
    ...type,
    ...(status === 204 ? {} : { 'content-length': Buffer.byteLength(body) }),
    ...headers,
  });
  response.end(body);
}

const loopback = /^(?:::1$|127\.|::ffff:127\.)/;

function control(room: Room, request: IncomingMessage, url: string, body: string): Answer {
  if (!loopback.test(request.socket.remoteAddress ?? '') && !authorised(room, request)) {
    return refusal(401, 'Control from another machine needs the bearer token.');
  }
  switch (`${request.method ?? ''} ${url.split('?')[0] ?? ''}`) {
    case 'GET /simulator/requests':
      return json(room.log.report());
    case 'POST /simulator/requests/reset':
      room.log.reset();
      return json(room.log.report());
    case 'GET /simulator/state':
      return json(room.show());
    case 'POST /simulator/sign-on':
      return signOn(room, body);
    case 'GET /simulator/faults':
      return json(room.faults);
    case 'POST /simulator/faults':
      return newFaults(room, body);
    default:
      return refusal(404, `There is no ${request.method ?? ''} ${url}.`);
  }
}

const json = (value: object): Answer => ({ status: 200, body: JSON.stringify(value) });

/** `{"userName": "…"}`: the account exists from now on, as if its user had signed on to the service. */
function signOn(room: Room, body: string): Answer {
  const given = parsed(body);
  const userName = isObject(given) ? textOf(given['userName']) : '';
  if (userName === '') return refusal(400, 'The body must be {"userName": "…"}.');
  room.signOn(userName);
  return { status: 204, body: '' };
}

function parsed(body: string): Json {
  try {
    return JSON.parse(body) as Json;
  } catch {
    return null;
  }
}

function newFaults(room: Room, body: string): Answer {
  try {
    room.faults = changeFaults(room.faults, JSON.parse(body === '' ? '{}' : body) as Json);
    return json(room.faults);
  } catch (error) {
    if (error instanceof SyntaxError) return refusal(400, 'The body is not valid JSON.');
    if (error instanceof ConfigError) return refusal(400, error.message);
    throw error;
  }
}
