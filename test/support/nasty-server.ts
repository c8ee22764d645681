// A SCIM application within the letter of RFC 7643 and 7644, and as awkward as they allow: ids that need encoding, names in
// any case, totals of the page alone, rows past the end, filters that it ignores, 204 for changes and 200 for deletions,
// no members where there are none, no write without the version, and no schema or attribute that it does not know.
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Json, JsonObject } from '../../src/rules/model/json.ts';
import { applyOperations } from '../../src/rules/scim/apply.ts';
import type { PatchOperation } from '../../src/rules/model/target.ts';
import { isJsonObject, member } from '../../src/rules/scim/read-path.ts';

type Kind = 'Users' | 'Groups';
interface Kept {
  readonly id: string;
  readonly version: number;
  readonly attributes: JsonObject;
}
export interface NastyRequest {
  readonly method: string;
  readonly path: string;
  readonly body: JsonObject;
}
export type Trouble = (request: NastyRequest, response: ServerResponse) => true | null;
export interface NastyServer {
  readonly url: string;
  readonly token: string;
  readonly users: Map<string, Kept>;
  readonly groups: Map<string, Kept>;
  readonly seen: NastyRequest[];
  /** Answers in place of the application; `null` = the application answers. */
  trouble(answer: Trouble): void;
  close(): Promise<void>;
}

const TOKEN = 'nasty-but-legal';
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
/** Resources in a page, whatever was asked for. */
const PAGE = 3;

/** `numbers`: ids are numbers, also in references, which the RFC does not allow and some servers do all the same. */
export async function startNasty(ids: 'names' | 'numbers' = 'names'): Promise<NastyServer> {
  const users = new Map<string, Kept>();
  const groups = new Map<string, Kept>();
  const seen: NastyRequest[] = [];
  let trouble: Trouble = () => null;
  const http = createServer((incoming, response) => {
    void (async () => {
      const body = await bodyOf(incoming);
      const request = { method: incoming.method ?? '', path: incoming.url ?? '', body };
      seen.push(request);
      if (trouble(request, response) === null) answer({ users, groups, ids }, incoming, body, response);
    })();
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((http.address() as AddressInfo).port)}/scim/v2`,
    token: TOKEN,
    users,
    groups,
    seen,
    trouble: (given) => void (trouble = given),
    close: async () => {
      const closed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      await closed;
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? {} : (JSON.parse(text) as JsonObject);
}

class Refusal extends Error {
  readonly status: number;
  readonly scimType: string | null;
  constructor(status: number, message: string, scimType: string | null = null) {
    super(message);
    this.status = status;
    this.scimType = scimType;
  }
}

interface State {
  readonly users: Map<string, Kept>;
  readonly groups: Map<string, Kept>;
  readonly ids: 'names' | 'numbers';
}

function answer(state: State, request: IncomingMessage, body: JsonObject, response: ServerResponse): void {
  const send = (status: number, json: JsonObject | null, version?: number): void => {
    response.writeHead(status, {
      ...(json === null ? {} : { 'content-type': 'application/scim+json' }),
      ...(version === undefined ? {} : { etag: `W/"${String(version)}"` }),
    });
    response.end(json === null ? undefined : JSON.stringify(json));
  };
  try {
    if (request.headers.authorization !== `Bearer ${TOKEN}`) throw new Refusal(401, 'no');
    serve(state, request, body, send);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { status, message, scimType } = error;
    send(status, { status: String(status), detail: message, ...(scimType === null ? {} : { scimType }) });
  }
}

const of = ({ users, groups }: State, kind: Kind): Map<string, Kept> => (kind === 'Users' ? users : groups);

type Send = (status: number, json: JsonObject | null, version?: number) => void;

function serve(state: State, request: IncomingMessage, body: JsonObject, send: Send): void {
  const url = new URL(request.url ?? '/', 'http://host');
  const [, , , kind = '', id] = url.pathname.split('/').map(decodeURIComponent);
  if (kind !== 'Users' && kind !== 'Groups') throw new Refusal(404, 'no such endpoint');
  const all = of(state, kind);
  if (id === undefined)
    return request.method === 'POST' ? create(state, kind, body, send) : list(state, kind, url.searchParams, send);
  const kept = all.get(id);
  if (kept === undefined) throw new Refusal(404, 'gone');
  if (request.method === 'GET') return send(200, shown(state, kept), kept.version);
  const wanted = request.headers['if-match'];
  if (wanted === undefined) throw new Refusal(428, 'If-Match is required');
  if (wanted !== `W/"${String(kept.version)}"`) throw new Refusal(412, 'another version');
  if (request.method === 'DELETE') {
    all.delete(id);
    return send(200, { detail: 'deleted' });
  }
  if (request.method !== 'PATCH') throw new Refusal(501, 'only PATCH');
  const operations = (member(body, 'Operations') ?? []) as unknown as readonly PatchOperation[];
  for (const operation of operations) checkOperation(state, operation);
  const attributes = applyOperations(kept.attributes, operations);
  all.set(id, { id, version: kept.version + 1, attributes });
  return send(204, null);
}

function create(state: State, kind: Kind, body: JsonObject, send: Send): void {
  const all = of(state, kind);
  const schemas = member(body, 'schemas');
  const used = Object.keys(body).filter((key) => key.toLowerCase().startsWith('urn:'));
  const expected = [`${CORE}${kind.slice(0, -1)}`, ...used];
  if (!Array.isArray(schemas) || JSON.stringify(schemas.toSorted()) !== JSON.stringify(expected.toSorted()))
    throw new Refusal(400, 'schemas are not those that are used', 'invalidValue');
  for (const key of Object.keys(body)) if (!known(key)) throw new Refusal(400, `unknown ${key}`, 'invalidSyntax');
  const name = nameOf(kind, body);
  if ([...all.values()].some(({ attributes }) => nameOf(kind, attributes) === name))
    throw new Refusal(409, 'taken', 'uniqueness');
  const id = state.ids === 'numbers' ? String(all.size + 1) : kind === 'Users' ? name : `${name}/ü?#%41`;
  const kept = { id, version: 1, attributes: body };
  all.set(id, kept);
  send(201, shown(state, kept), 1);
}

const nameOf = (kind: Kind, resource: JsonObject): string => {
  const name = member(resource, kind === 'Users' ? 'userName' : 'displayName');
  if (typeof name !== 'string') throw new Refusal(400, 'no name', 'invalidValue');
  return name.toLowerCase();
};

const attributeNames = new Set(
  'schemas id externalid meta username displayname title active name emails addresses phonenumbers preferredlanguage members'.split(
    ' ',
  ),
);
const known = (key: string): boolean =>
  attributeNames.has(key.toLowerCase()) || key.toLowerCase().startsWith(ENTERPRISE.toLowerCase());

function checkOperation(state: State, { op, path = '', value }: PatchOperation): void {
  if (!['add', 'remove', 'replace'].includes(op)) throw new Refusal(400, 'op', 'invalidSyntax');
  if (!known(/^(?:urn:.*|[a-z]+)/i.exec(path)?.[0] ?? '')) throw new Refusal(400, `unknown ${path}`, 'invalidPath');
  if (path === 'members' && op === 'remove') throw new Refusal(400, 'all members?', 'invalidPath');
  if (path !== 'members') return;
  for (const one of value as readonly Json[])
    if (!state.users.has(member(one, 'value') as string)) throw new Refusal(400, 'no such member', 'invalidValue');
}

function list(state: State, kind: Kind, query: URLSearchParams, send: Send): void {
  const all = of(state, kind);
  const [, path = '', value = ''] = /^(\S+) eq "(.*)"$/.exec(query.get('filter') ?? '') ?? [];
  const filters = path.toLowerCase() === (kind === 'Users' ? 'username' : 'displayname');
  const found = [...all.values()].filter(
    ({ attributes }) => !filters || nameOf(kind, attributes) === value.toLowerCase(),
  );
  const count = Math.min(Number(query.get('count') ?? PAGE), PAGE);
  const start = Math.min(Number(query.get('startIndex') ?? 1), Math.max(1, found.length - count + 1));
  const page = found.slice(start - 1, start - 1 + count);
  send(200, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalresults: page.length,
    resources: page.length === 0 ? null : page.map((one) => shown(state, one)),
  });
}

/** Names in lower case, no empty lists. */
function shown({ ids }: State, { id, version, attributes }: Kept): JsonObject {
  const { members, ...rest } = attributes;
  const some = Array.isArray(members) && members.length > 0 ? { members } : {};
  const written = JSON.stringify(lowered({ ...rest, ...some, id, meta: { version: `W/"${String(version)}"` } }));
  return JSON.parse(ids === 'numbers' ? written.replace(/"(id|value)":"(\d+)"/g, '"$1":$2') : written) as JsonObject;
}

function lowered(value: Json): Json {
  if (Array.isArray(value)) return value.map((one: Json) => lowered(one));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key.toLowerCase(), lowered(one)]));
}
