// A small SCIM application over HTTP that does as it is told: refuses members, loses answers, hides what it has, and lists
// its accounts as badly as some real ones do.
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Resource {
  readonly id: string;
  readonly [attribute: string]: unknown;
}
interface Operation {
  readonly op: string;
  readonly path?: string;
  readonly value?: unknown;
}
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly operations: readonly Operation[];
}
export interface Moods {
  /** Members by id that are refused with this status. */
  readonly poison: Map<string, number>;
  /** Answers of this many PATCHes are lost after they took effect. */
  loseAnswers: number;
  /** This many PATCHes are answered with this status and have no effect. */
  fail: { times: number; readonly status: number };
  mostMembersPerPatch: number;
  /** GET of a group leaves its members out: always, or where there are none. */
  hideMembers: 'never' | 'always' | 'when-empty';
  /** How badly accounts are listed. */
  list: 'well' | 'total-is-page' | 'ignores-index' | 'refused' | 'hides-some' | 'partial';
  largestPage: number;
  /** Is told of every request before it takes effect: a status refuses it, `silence` lets it take effect unanswered. */
  meddle: ((sent: Sent) => Promise<number | 'silence' | null>) | null;
}
export interface GroupServer {
  readonly url: string;
  readonly users: Map<string, Resource>;
  readonly groups: Map<string, Resource>;
  readonly members: Map<string, Set<string>>;
  readonly moods: Moods;
  readonly sent: Sent[];
  /** PATCHes of groups since the last time that this was asked. */
  patches(): readonly string[];
  addUser(id: string, userName: string, more?: object): void;
  close(): Promise<void>;
}

export const goodMood = (): Moods => ({
  poison: new Map(),
  loseAnswers: 0,
  fail: { times: 0, status: 500 },
  mostMembersPerPatch: 100,
  hideMembers: 'never',
  list: 'well',
  largestPage: 100,
  meddle: null,
});

export async function groupServer(): Promise<GroupServer> {
  const state: Omit<GroupServer, 'url' | 'close'> = {
    users: new Map(),
    groups: new Map(),
    members: new Map(),
    moods: goodMood(),
    sent: [],
    patches: () => {
      const patches = state.sent.filter(({ method, path }) => method === 'PATCH' && path.startsWith('/Groups'));
      state.sent.length = 0;
      return patches.map(({ operations }) => words(operations));
    },
    addUser: (id, userName, more = {}) => void state.users.set(id, { id, userName, active: true, ...more }),
  };
  const http = createServer(
    (request, response) => void read(request).then((body) => answer(state, request, body, response)),
  );
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    ...state,
    url: `http://127.0.0.1:${String((http.address() as AddressInfo).port)}`,
    close: async () => {
      const closed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      await closed;
    },
  };
}

/** `+3` members added, `-2` removed; anything else as it is. */
const words = (operations: readonly Operation[]): string => {
  const removed = operations.filter(({ op, path = '' }) => op === 'remove' && path.startsWith('members[')).length;
  const added = operations.flatMap(({ op, path, value }) =>
    op === 'add' && path === 'members' ? (value as unknown[]) : [],
  ).length;
  return added + removed === 0
    ? JSON.stringify(operations)
    : `${added > 0 ? `+${String(added)}` : ''}${removed > 0 ? `-${String(removed)}` : ''}`;
};

async function read(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
}

type State = Omit<GroupServer, 'url' | 'close'>;

type Send = (status: number, json?: unknown) => void;

interface Exchange {
  readonly sent: Sent;
  readonly body: Record<string, unknown>;
  readonly send: Send;
  readonly drop: () => void;
}

async function answer(
  state: State,
  request: IncomingMessage,
  body: Record<string, unknown>,
  response: ServerResponse,
): Promise<void> {
  const { pathname, search } = new URL(request.url ?? '/', 'http://host');
  const operations = (body['Operations'] ?? []) as readonly Operation[];
  const sent = { method: request.method ?? '', path: pathname + search, operations };
  state.sent.push(sent);
  const meddled = (await state.moods.meddle?.(sent)) ?? null;
  const send: Send = (status, json) => {
    if (meddled === 'silence') return;
    response.writeHead(status, { 'content-type': 'application/scim+json' });
    response.end(json === undefined ? undefined : JSON.stringify(json));
  };
  // What refuses repeats what it was sent, as some applications do.
  if (typeof meddled === 'number') send(meddled, { detail: JSON.stringify(body) });
  else serve(state, { sent, body, send, drop: () => response.destroy() });
}

function serve(state: State, { sent: { method, path, operations }, body, send, drop }: Exchange): void {
  const { pathname, searchParams } = new URL(path, 'http://host');
  const [, type = '', id] = pathname.split('/');
  const all = type === 'Groups' ? state.groups : state.users;
  if (method === 'POST') return create(all, type, body, send);
  if (method === 'GET' && id === undefined) return list(state, [...all.values()], searchParams, send);
  const found = all.get(decodeURIComponent(id ?? ''));
  if (found === undefined) return send(404, { detail: 'no such resource' });
  if (method === 'GET') return send(200, { ...found, ...(type === 'Groups' ? shownMembers(state, found.id) : {}) });
  if (method === 'PATCH') return change(state, { type, found, operations }, send, drop);
  all.delete(found.id);
  send(204);
}

function create(all: Map<string, Resource>, type: string, body: Record<string, unknown>, send: Send): void {
  const clash = type === 'Users' && [...all.values()].some((one) => same(one['userName'], body['userName']));
  if (clash) return send(409, { scimType: 'uniqueness' });
  const made = { id: `${type.charAt(0)}${String(all.size + 1)}`, ...body };
  all.set(made.id, made);
  send(201, made);
}

interface Change {
  readonly type: string;
  readonly found: Resource;
  readonly operations: readonly Operation[];
}

function change(state: State, { type, found, operations }: Change, send: Send, lose: () => void): void {
  const { moods } = state;
  if (moods.fail.times > 0) {
    moods.fail = { ...moods.fail, times: moods.fail.times - 1 };
    return send(moods.fail.status, { detail: 'told to fail' });
  }
  const refusal = type === 'Groups' ? changeMembers(state, found.id, operations) : null;
  if (type === 'Users') state.users.set(found.id, { ...found, ...flat(operations) });
  if (moods.loseAnswers > 0) {
    moods.loseAnswers -= 1;
    return lose();
  }
  if (refusal === null) send(204);
  else send(refusal, { detail: 'a member is refused' });
}

const flat = (operations: readonly Operation[]) =>
  Object.fromEntries(operations.map(({ path = '', value }) => [path, value]));
const same = (a: unknown, b: unknown) => String(a).toLowerCase() === String(b).toLowerCase();

function changeMembers({ members, moods }: State, id: string, operations: readonly Operation[]): number | null {
  const there = members.get(id) ?? new Set<string>();
  const added = operations.flatMap(({ op, path, value }) =>
    op === 'add' && path === 'members' ? (value as { value: string }[]).map((one) => one.value) : [],
  );
  const removed = operations.flatMap(({ path = '' }) => /^members\[value eq "(.*)"\]$/.exec(path)?.[1] ?? []);
  if (added.length + removed.length > moods.mostMembersPerPatch) return 413;
  for (const one of [...added, ...removed]) if (moods.poison.has(one)) return moods.poison.get(one) ?? 400;
  for (const one of added) there.add(one);
  for (const one of removed) there.delete(one);
  members.set(id, there);
  return null;
}

function shownMembers({ members, moods }: State, id: string): object {
  const shown = [...(members.get(id) ?? [])].map((value) => ({ value }));
  const hidden = moods.hideMembers === 'always' || (moods.hideMembers === 'when-empty' && shown.length === 0);
  return hidden ? {} : { members: shown };
}

function list({ moods }: State, all: readonly Resource[], query: URLSearchParams, send: Send): void {
  const [, path = '', value = ''] = /^(\S+) eq "(.*)"$/.exec(query.get('filter') ?? '') ?? [];
  if (path !== '') {
    const found = all.filter((one) => same(one[path], value));
    return send(200, { totalResults: found.length, Resources: found });
  }
  if (moods.list === 'refused') return send(403, { detail: 'listing is not allowed' });
  const listed = moods.list === 'hides-some' ? all.filter((_, at) => at % 2 === 0) : all;
  const start = moods.list === 'ignores-index' ? 1 : Number(query.get('startIndex') ?? 1);
  const count = Math.min(Number(query.get('count') ?? 100), moods.largestPage);
  const page = listed.slice(start - 1, start - 1 + count);
  const resources = moods.list === 'partial' ? page.map(({ id, userName }) => ({ id, userName })) : page;
  send(200, {
    totalResults: moods.list === 'total-is-page' || moods.list === 'ignores-index' ? page.length : listed.length,
    Resources: resources,
  });
}
