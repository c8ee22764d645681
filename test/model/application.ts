// The applications of all histories on one HTTP server, each in a room of its own: the SCIM simulator behind it, faults per
// request before it, and a watch that is told what each write changed, at once.
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../../src/rules/model/json.ts';
import { answer, refusal } from '../../src/simulators/scim/endpoints.ts';
import type { Answer, Served } from '../../src/simulators/scim/endpoints.ts';
import { noFaults } from '../../src/simulators/scim/faults.ts';
import { render } from '../../src/simulators/scim/rendering.ts';
import { groupSchema, userSchema } from '../../src/simulators/scim/schemas.ts';
import { genericService } from '../../src/simulators/scim/service-rules.ts';
import { openStore } from '../../src/simulators/scim/store.ts';

/** `lost`: the request is done, and its answer does not arrive. */
export const faults = [
  '429',
  '500',
  '503',
  '504',
  '400',
  '403',
  '404',
  'reset',
  'page',
  'lost',
  'lost-500',
  'lost-504',
] as const;
export type Fault = (typeof faults)[number];

export type Resource = JsonObject & { readonly id: string };
export interface Write {
  readonly method: string;
  readonly type: 'Users' | 'Groups';
  readonly accepted: boolean;
  /** `null` where there is none. */
  readonly before: Resource | null;
  readonly after: Resource | null;
  readonly body: string;
}
export interface Application {
  readonly url: string;
  /** What becomes of the next requests, and of the next of them that write; `null` goes well. */
  readonly next: { readonly requests: (Fault | null)[]; readonly writes: (Fault | null)[] };
  /** Everything fails so, until it is lifted. */
  always: Fault | null;
  /** A title that it refuses. */
  refusedTitle: string | null;
  readonly writes: Write[];
  watch: (write: Write) => void;
  users(): readonly Resource[];
  groups(): readonly Resource[];
  /** Its own administrator makes or removes an account. */
  make(type: 'Users' | 'Groups', body: object): void;
  drop(type: 'Users' | 'Groups', id: string): void;
}
export interface Applications {
  open(name: string): Application;
  shut(name: string): void;
  close(): Promise<void>;
}
interface Room extends Application {
  readonly served: Served;
}

const schemas = { Users: userSchema, Groups: groupSchema } as const;

export async function openApplications(): Promise<Applications> {
  const rooms = new Map<string, Room>();
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    void serve(rooms, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    open: (name) => {
      const room = newRoom(`http://127.0.0.1:${String(port)}/${name}`);
      rooms.set(name, room);
      return room;
    },
    shut: (name) => void rooms.delete(name),
    close: () => closed(server),
  };
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

function newRoom(url: string): Room {
  const rules = { ...genericService, basePath: '' };
  const served: Served = { store: openStore(null), base: url, rules, now: () => new Date(), faults: () => noFaults };
  const all = (type: 'Users' | 'Groups'): readonly Resource[] =>
    [...served.store.ids(type)].flatMap((id) => shown(served, type, id) ?? []);
  const given = (method: string, segments: readonly string[], body: string): Answer =>
    answer(served, { method, segments, query: new URLSearchParams(), contentType: 'application/scim+json', body });
  return {
    url,
    served,
    next: { requests: [], writes: [] },
    always: null,
    refusedTitle: null,
    writes: [],
    watch: () => undefined,
    users: () => all('Users'),
    groups: () => all('Groups'),
    make: (type, body) => void given('POST', [type], JSON.stringify({ schemas: [schemas[type].core.id], ...body })),
    drop: (type, id) => void given('DELETE', [type, id], ''),
  };
}

function shown(served: Served, type: 'Users' | 'Groups', id: string): Resource | null {
  const text = render(served, schemas[type], id);
  return text === '' ? null : (JSON.parse(text) as Resource);
}

async function serve(
  rooms: ReadonlyMap<string, Room>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const url = new URL(request.url ?? '/', 'http://room');
  const [name = '', ...segments] = url.pathname.slice(1).split('/').map(decodeURIComponent);
  const room = rooms.get(name);
  if (room === undefined) {
    send(response, refusal(404, 'There is no such application.'));
    return;
  }
  const fault = faultOf(room, request.method ?? '');
  if (fault === 'reset') return void request.socket.destroy();
  if (fault === 'page') {
    sendPage(response);
    return;
  }
  if (fault !== null && !fault.startsWith('lost')) {
    send(response, refusal(Number(fault), 'Not now.'));
    return;
  }
  const given = done(room, {
    method: request.method ?? '',
    segments,
    query: url.searchParams,
    contentType: request.headers['content-type'] ?? '',
    body,
  });
  if (fault === 'lost') return void request.socket.destroy();
  send(response, fault === null ? given : refusal(Number(fault.slice('lost-'.length)), 'The answer got lost.'));
}

function faultOf({ always, next }: Room, method: string): Fault | null {
  const ofAny = next.requests.shift() ?? null;
  const ofWrites = method === 'GET' ? null : (next.writes.shift() ?? null);
  return always ?? ofAny ?? ofWrites;
}

function done(room: Room, request: Parameters<typeof answer>[1]): Answer {
  const { served, refusedTitle } = room;
  const [endpoint, id = ''] = request.segments;
  const type = endpoint === 'Users' || endpoint === 'Groups' ? endpoint : null;
  if (request.method === 'GET' || type === null) return answer(served, request);
  const refuses = refusedTitle !== null && request.body.includes(JSON.stringify(refusedTitle));
  const before = shown(served, type, id);
  const given = refuses
    ? refusal(400, `The title ${refusedTitle} is not allowed.`, 'invalidValue')
    : answer(served, request);
  const made = request.method === 'POST' && given.status === 201 ? (JSON.parse(given.body) as Resource).id : id;
  const after = shown(served, type, made);
  const write: Write = {
    method: request.method,
    type,
    accepted: given.status < 300,
    before,
    after,
    body: request.body,
  };
  room.writes.push(write);
  room.watch(write);
  return given;
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/scim+json', ...headers });
  response.end(body);
}
function sendPage(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end('<html><body>Down for maintenance</body></html>');
}
