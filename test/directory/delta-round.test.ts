import { afterEach, describe, expect, it } from 'vitest';
import type { GraphDirectory } from '../../src/directory/graph-directory.ts';
import { SystemError } from '../../src/rules/model/errors.ts';
import type { DeltaState } from '../../src/rules/model/mirror.ts';
import { memoryMirror } from '../support/memory-mirror.ts';
import { TENANT, openReader, recordedLog, select } from '../support/reader.ts';
import { graphError, scriptedGraph } from '../support/scripted-graph.ts';
import type { Reply } from '../support/scripted-graph.ts';
import type { MirrorUnderTest } from './mirror-contract.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Answers of `/users/delta` by the token asked for; '' is the initial request. */
type Pages = Record<string, Reply | ((time: number) => Reply)>;
const HOST = 'https://localhost:1';
const link = (token: string): string => `${HOST}/v1.0/users/delta?$skiptoken=${token}`;
const page = (value: unknown[], to: { next?: string; delta?: string }): Reply => ({
  json: {
    value,
    ...(to.next === undefined ? {} : { '@odata.nextLink': link(to.next) }),
    ...(to.delta === undefined ? {} : { '@odata.deltaLink': link(to.delta) }),
  },
});
const user = (id: string, displayName = id) => ({ id, displayName });
const tokenOf = (asked: string): string => /\$skiptoken=([^&]*)/.exec(asked)?.[1] ?? '';
const gone = (status: number, code: string): Reply => ({
  status,
  json: graphError(code),
  headers: { location: `${HOST}/v1.0/users/delta?$deltatoken=` },
});
const emptyGroups: Reply = { json: { value: [], '@odata.deltaLink': `${HOST}/v1.0/groups/delta?$deltatoken=g` } };

interface Batch {
  readonly requests: readonly { readonly id: string; readonly url: string }[];
}
/** Looks ids up in what lives and what is in the bin, answering in reverse order. */
const batchReply = (body: unknown, living: readonly string[], bin: readonly string[]): Reply => {
  const responses = (body as Batch).requests.map(({ id, url }) => {
    const objectId = /\/([^/?]+)\?/.exec(url)?.[1] ?? '';
    const there = (url.startsWith('/directory/deletedItems/') ? bin : living).includes(objectId);
    return there
      ? { id, status: 200, body: { id: objectId } }
      : { id, status: 404, body: graphError('Request_ResourceNotFound') };
  });
  return { json: { responses: responses.reverse() } };
};

interface WorldOptions {
  readonly living?: readonly string[];
  readonly bin?: readonly string[];
  readonly batch?: (body: unknown, count: number) => Reply;
  readonly mirror?: MirrorUnderTest;
}
async function world(pages: Pages, options: WorldOptions = {}) {
  const mirror = options.mirror ?? memoryMirror();
  const log = recordedLog();
  const times = new Map<string, number>();
  const script = (asked: string, _count: number, body: unknown): Reply => {
    const key = asked.startsWith('POST') ? 'batch' : asked.includes('/groups/') ? 'groups' : tokenOf(asked);
    const time = (times.get(key) ?? 0) + 1;
    times.set(key, time);
    if (key === 'groups') return emptyGroups;
    if (key === 'batch')
      return options.batch?.(body, time) ?? batchReply(body, options.living ?? [], options.bin ?? []);
    const reply = pages[key] ?? { status: 500, json: graphError('NotScripted', asked) };
    return typeof reply === 'function' ? reply(time) : reply;
  };
  const graph = await scriptedGraph({ graph: script });
  const reader = openReader({ ...graph, mirror: mirror.writer, log });
  closers.push(
    () => reader.close(),
    () => graph.close(),
  );
  const refresh = (selection = select) =>
    reader.refresh({ tenantId: TENANT, select: selection, servicePrincipalIds: [] });
  const state = (): Promise<DeltaState | null> => mirror.writer.deltaState(TENANT, 'users');
  const presences = async (...ids: string[]) =>
    Object.fromEntries(
      await Promise.all(ids.map(async (id) => [id, (await mirror.object(TENANT, id))?.presence ?? null] as const)),
    );
  const usersAsked = () => graph.asked.filter((asked) => asked.includes('/users/delta')).map(tokenOf);
  return { graph, mirror, reader, refresh, state, presences, usersAsked, log };
}

async function lossOf(refresh: ReturnType<GraphDirectory['refresh']>): Promise<SystemError> {
  const outcome = await refresh.catch((error: unknown) => error);
  if (outcome instanceof SystemError) return outcome;
  throw new Error(`expected a SystemError, not ${JSON.stringify(outcome)}`);
}

describe('a delta query', () => {
  it('is read to its delta link first, and from there afterwards', async () => {
    const w = await world({
      '': page([user('a'), user('b')], { next: 'n1' }),
      n1: page([], { next: 'n2' }),
      n2: page([user('c')], { delta: 'd1' }),
      d1: page([user('a', 'A2'), { id: 'b', '@removed': { reason: 'changed' } }], { delta: 'd2' }),
      d2: page([], { delta: 'd3' }),
    });
    const certificate = await w.refresh();
    expect(w.usersAsked()).toEqual(['', 'n1', 'n2']);
    expect(certificate).toEqual({
      tenantId: TENANT,
      version: await w.mirror.version(TENANT),
      completedAt: new Date('2026-01-01T00:00:00Z'),
      requests: 4,
    });
    expect(w.graph.asked[0]).toBe('GET /v1.0/users/delta?$select=city,displayName,id,manager');
    expect(await w.state()).toMatchObject({ link: link('d1'), complete: true, round: 'delta', generation: 1 });
    await w.refresh();
    expect(await w.presences('a', 'b', 'c')).toEqual({ a: 'live', b: 'soft-deleted', c: 'live' });
    expect((await w.mirror.object(TENANT, 'a'))?.attributes).toEqual({ id: 'a', displayName: 'A2', city: null });
    expect(await w.state()).toMatchObject({ link: link('d2') });
  });

  it('invariant 10: changes nothing in the mirror when nothing changed', async () => {
    const w = await world({ '': page([user('a')], { delta: 'd' }), d: page([], { delta: 'd' }) });
    await w.refresh();
    const before = await w.mirror.object(TENANT, 'a');
    await w.refresh();
    expect(await w.mirror.object(TENANT, 'a')).toEqual(before);
  });

  it('goes on at the stored link after a crash, and then reads what came since', async () => {
    const mirror = memoryMirror();
    const refusal = { status: 403, json: graphError('Authorization_RequestDenied') };
    const before = await world({ '': page([user('a')], { next: 'n1' }), n1: refusal }, { mirror });
    expect((await lossOf(before.refresh())).code).toBe('DirectoryInvalidCredentials');
    expect(await before.state()).toMatchObject({ link: link('n1'), complete: false, round: 'full' });
    const after = await world(
      { n1: page([user('b')], { delta: 'd1' }), d1: page([user('a', 'A2')], { delta: 'd2' }) },
      { mirror },
    );
    await after.refresh();
    expect(after.usersAsked()).toEqual(['n1', 'd1']);
    expect(await after.presences('a', 'b')).toEqual({ a: 'live', b: 'live' });
    expect((await mirror.object(TENANT, 'a'))?.attributes).toMatchObject({ displayName: 'A2' });
  });

  it('reads everything anew when the selection changed', async () => {
    const w = await world({ '': page([user('a')], { delta: 'd' }), d: page([], { delta: 'd' }) }, { living: ['a'] });
    await w.refresh();
    await w.refresh({ User: ['displayName', 'mail'], Group: select.Group });
    expect(w.usersAsked()).toEqual(['', '']);
    expect(await w.state()).toMatchObject({ generation: 2, selection: 'displayName,id,mail', round: 'delta' });
    expect((await w.mirror.object(TENANT, 'a'))?.attributes).toMatchObject({ mail: null });
  });

  it.each([
    [410, 'Gone'],
    [400, 'syncStateNotFound'],
    [404, 'ResyncRequired'],
    [409, 'SyncStateInvalid'],
    [400, 'directory_expiredPageToken'],
    [400, 'Request_BadRequest'],
    [404, 'UnknownError'],
  ])('invariant 1: answered %i %s, reads everything anew and deletes by evidence only', async (status, code) => {
    const w = await world(
      {
        '': (time) =>
          time === 1
            ? page(
                ['a', 'b', 'c', 'd'].map((id) => user(id)),
                { delta: 'd1' },
              )
            : page([user('a')], { delta: 'd2' }),
        d1: gone(status, code),
      },
      { living: ['a', 'b'], bin: ['c'] },
    );
    await w.refresh();
    await w.refresh();
    expect(w.usersAsked()).toEqual(['', 'd1', '']);
    expect(await w.presences('a', 'b', 'c', 'd')).toEqual({
      a: 'live',
      b: 'live',
      c: 'soft-deleted',
      d: 'hard-deleted',
    });
    expect(await w.state()).toMatchObject({ link: link('d2'), generation: 2, round: 'delta', complete: true });
  });

  it('starts anew when the link expires in the middle of a round', async () => {
    const w = await world({
      '': (time) => page([user('a')], { next: `n${String(time)}` }),
      n1: gone(400, 'Directory_ExpiredPageToken'),
      n2: page([user('b')], { delta: 'd' }),
    });
    await w.refresh();
    expect(w.usersAsked()).toEqual(['', 'n1', '', 'n2']);
    expect(await w.presences('a', 'b')).toEqual({ a: 'live', b: 'live' });
  });

  it('gives up when the directory forgets every link that it gives', async () => {
    const w = await world({ '': page([user('a')], { next: 'n' }), n: gone(410, 'Gone') });
    expect((await lossOf(w.refresh())).code).toBe('DirectoryReadIncomplete');
    expect(w.usersAsked()).toEqual(['', 'n', '', 'n', '', 'n']);
  });
});

describe('invariant 2: a read that did not finish concludes nothing', () => {
  const two = (second: Reply): Pages => ({
    '': (time) => (time === 1 ? page([user('a'), user('b')], { delta: 'd1' }) : page([user('a')], { next: 'n' })),
    d1: gone(410, 'Gone'),
    n: second,
  });

  it.each<[string, Reply]>([
    ['fails for good', { status: 500, json: graphError('UnknownError') }],
    ['is cut off', { broken: 'cut' }],
    ['is HTML', { text: '<html>' }],
    ['has neither link', { json: { value: [user('z')] } }],
    ['has no list', { json: { '@odata.deltaLink': link('d2') } }],
    ['has an entry that is no object', { json: { value: ['b'], '@odata.deltaLink': link('d2') } }],
    ['links to itself', { json: { value: [], '@odata.nextLink': link('n') } }],
    ['removes for an unknown reason', page([{ id: 'b', '@removed': { reason: 'lost' } }], { delta: 'd2' })],
  ])('when a page %s', async (_, second) => {
    const w = await world(two(second));
    await w.refresh();
    const completedAt = await w.mirror.refreshedAt(TENANT);
    expect((await lossOf(w.refresh())).code).toBe('DirectoryReadIncomplete');
    expect(await w.presences('a', 'b', 'z')).toEqual({ a: 'live', b: 'live', z: null });
    expect(await w.mirror.refreshedAt(TENANT)).toEqual(completedAt);
    expect(w.graph.bodies).toEqual([]);
  });

  it.each<[string, Reply]>([
    ['is refused', { status: 400, json: graphError('BadRequest') }],
    [
      'has an item with another status',
      { json: { responses: [{ id: '1', status: 403, body: graphError('Authorization_RequestDenied') }] } },
    ],
    [
      'has a 404 that the directory did not write',
      { json: { responses: [{ id: '1', status: 404, body: { note: 'gateway' } }] } },
    ],
    ['leaves an item out', { json: { responses: [] } }],
    ['answers for another object', { json: { responses: [{ id: '1', status: 200, body: { id: 'other' } }] } }],
    [
      'keeps throttling',
      {
        json: {
          responses: [{ id: '1', status: 429, headers: { 'Retry-After': '0' }, body: graphError('TooManyRequests') }],
        },
      },
    ],
  ])('when the look-up of a suspect %s', async (_, batch) => {
    const w = await world({ ...two(page([], { delta: 'd2' })) }, { batch: () => batch });
    await w.refresh();
    const loss = await lossOf(w.refresh());
    expect(['DirectoryReadIncomplete', 'DirectoryInvalidCredentials']).toContain(loss.code);
    expect(await w.presences('a', 'b')).toEqual({ a: 'live', b: 'live' });
  });

  it('and the evidence that was not reached is sought by the next refresh', async () => {
    const mirror = memoryMirror();
    const w = await world(
      { ...two(page([], { delta: 'd2' })) },
      { mirror, batch: () => ({ status: 403, json: graphError('Authorization_RequestDenied') }) },
    );
    await w.refresh();
    await lossOf(w.refresh());
    expect(await w.state()).toMatchObject({ link: link('d2'), complete: true, round: 'full' });
    const next = await world({ d2: page([], { delta: 'd3' }) }, { mirror, bin: ['b'] });
    await next.refresh();
    expect(await next.presences('a', 'b')).toEqual({ a: 'live', b: 'soft-deleted' });
    expect(await next.state()).toMatchObject({ link: link('d3'), complete: true, round: 'delta' });
  });

  it('and a round that goes in circles is not resumed but begun anew', async () => {
    const pages: Pages = {
      '': page([user('a')], { next: 'n' }),
      n: (time) => (time === 1 ? page([], { next: 'n' }) : page([user('b')], { delta: 'd' })),
    };
    const w = await world(pages);
    expect((await lossOf(w.refresh())).message).toContain('would never end');
    expect(await w.state()).toMatchObject({ link: null, complete: false });
    await w.refresh();
    expect(await w.state()).toMatchObject({ link: link('d'), generation: 2 });
  });

  it('and pages that go on without an entry are ended', async () => {
    const w = await world({
      '': page([user('a')], { next: 'e' }),
      e: (time) => page([], { next: `e&page=${String(time)}` }),
    });
    const loss = await lossOf(w.refresh());
    expect(loss.code).toBe('DirectoryReadIncomplete');
    expect(loss.message).toContain('in a row were empty');
  });
});

describe('the look-up of suspects', () => {
  it('asks in batches of at most twenty and again only for items that were throttled', async () => {
    const ids = Array.from({ length: 45 }, (_, i) => `u${String(i).padStart(2, '0')}`);
    const sizes: number[] = [];
    const throttleFirst = (body: unknown, count: number): Reply => {
      const { requests } = body as Batch;
      sizes.push(requests.length);
      if (count > 1) return batchReply(body, ids, []);
      const throttled = requests
        .slice(0, 3)
        .map(({ id }) => ({ id, status: 429, headers: { 'retry-after': '0' }, body: graphError('TooManyRequests') }));
      const rest = batchReply({ requests: requests.slice(3) }, ids, []) as { json: { responses: unknown[] } };
      return { json: { responses: [...rest.json.responses, ...throttled] } };
    };
    const w = await world(
      {
        '': (time) =>
          time === 1
            ? page(
                ids.map((id) => user(id)),
                { delta: 'd1' },
              )
            : page([user('u99')], { delta: 'd2' }),
        d1: gone(410, 'x'),
      },
      { batch: throttleFirst },
    );
    await w.refresh();
    await w.refresh();
    expect(sizes).toEqual([20, 3, 20, 5]);
    expect(Object.values(await w.presences(...ids)).every((presence) => presence === 'live')).toBe(true);
  });
});

describe('the refreshes of one process', () => {
  it('stand in line; those that wait for the same properties are read as one', async () => {
    const w = await world({ '': page([user('a')], { delta: 'd' }), d: page([], { delta: 'd' }) });
    const first = w.refresh();
    const begun = new Promise<void>((resolve) => setImmediate(resolve));
    await begun;
    const [a, b, c] = await Promise.all([first, w.refresh(), w.refresh()]);
    expect(w.usersAsked()).toEqual(['', 'd']);
    expect([a.requests, b.requests, c.requests]).toEqual([2, 2, 2]);
  });

  it('go on after one of them failed', async () => {
    const w = await world({
      '': (time) => (time === 1 ? { status: 400, json: graphError('BadRequest') } : page([user('a')], { delta: 'd' })),
      d: page([], { delta: 'd' }),
    });
    const other = { User: ['displayName'], Group: select.Group };
    const [first, second] = await Promise.allSettled([w.refresh(), w.refresh(other)]);
    expect([first.status, second.status]).toEqual(['rejected', 'fulfilled']);
  });

  it('refuse a tenant that the credentials are not for', async () => {
    const w = await world({});
    const loss = await lossOf(w.reader.refresh({ tenantId: 'other.example', select, servicePrincipalIds: [] }));
    expect(loss.code).toBe('DirectoryInvalidCredentials');
    expect(loss.message).toContain('AZURE_TENANT_ID');
  });
});
