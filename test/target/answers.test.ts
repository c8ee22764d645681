// Answers in every shape that servers, proxies and bad lines give them.
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';

import { createWire } from '../../src/target/wire.ts';
import { atEnd, byteServer, endAll, listOf, reply, server, session, USER } from './support.ts';

afterEach(endAll);

const INCOMPATIBLE = 'SystemForCrossDomainIdentityManagementServiceIncompatible';
const UNREACHABLE = 'SystemForCrossDomainIdentityManagementUnreachable';
const noWait = (): Promise<void> => Promise.resolve();
const body = { schemas: [USER], userName: 'a' };
const user = JSON.stringify({ id: '1', userName: 'Jörg' });
const failed = (code: string, message: string): object => ({
  ok: false,
  error: { code, message: expect.stringContaining(message) as string },
});
function bytes(response: ServerResponse, status: number, content: Buffer, headers: Record<string, string>): void {
  response.writeHead(status, { 'content-type': 'application/scim+json', ...headers });
  response.end(content);
}
const answering = (content: Buffer, headers: Record<string, string>, status = 200) =>
  server((_request, response) => bytes(response, status, content, headers));

describe('a compressed body', () => {
  it.each([
    ['gzip', gzipSync(user)],
    ['x-gzip', gzipSync(user)],
    ['deflate', deflateSync(user)],
    ['br', brotliCompressSync(user)],
    ['identity', Buffer.from(user)],
  ])('in %s is read, though it was not asked for', async (coding, content) => {
    const app = await answering(content, { 'content-encoding': coding });
    expect(await session(app.url).get('User', '1')).toMatchObject({
      ok: true,
      value: { attributes: { userName: 'Jörg' } },
    });
  });

  it.each(['zstd', 'gzip, br'])('in %s is refused by name', async (coding) => {
    const app = await answering(Buffer.from('xx'), { 'content-encoding': coding });
    expect(await session(app.url).get('User', '1')).toMatchObject(failed(INCOMPATIBLE, `"${coding}"`));
  });

  it('that is truncated, or is none, is named; one that grows without end is not read to its end', async () => {
    const cut = await answering(gzipSync(user).subarray(0, 20), { 'content-encoding': 'gzip' });
    expect(await session(cut.url).create('User', body)).toMatchObject(failed(INCOMPATIBLE, 'compressed body'));
    const none = await answering(Buffer.from(user), { 'content-encoding': 'gzip' });
    expect(await session(none.url).get('User', '1')).toMatchObject(failed(INCOMPATIBLE, 'compressed body'));
    const bomb = await answering(gzipSync(Buffer.alloc(64 * 1024 * 1024)), { 'content-encoding': 'gzip' });
    expect(await session(bomb.url).get('User', '1')).toMatchObject(failed(INCOMPATIBLE, '10 MB'));
  });
});

describe('text', () => {
  it('is read in the character set that the answer names, with or without a byte order mark', async () => {
    const latin = await answering(Buffer.from(user, 'latin1'), {
      'content-type': 'application/json; charset=ISO-8859-1',
    });
    expect(await session(latin.url).get('User', '1')).toMatchObject({ value: { attributes: { userName: 'Jörg' } } });
    const marked = await answering(Buffer.from(`\uFEFF${user}`), {});
    expect(await session(marked.url).get('User', '1')).toMatchObject({ value: { attributes: { userName: 'Jörg' } } });
  });

  it('that is none is refused by name', async () => {
    const broken = await answering(Buffer.from(user, 'latin1'), {});
    expect(await session(broken.url).get('User', '1')).toMatchObject(failed(INCOMPATIBLE, 'no text in utf-8'));
    const unknown = await answering(Buffer.from(user), { 'content-type': 'application/json; charset=klingon' });
    expect(await session(unknown.url).get('User', '1')).toMatchObject(failed(INCOMPATIBLE, 'klingon'));
  });

  it.each(['text/plain', 'text/json', 'application/octet-stream', ''])(
    'is JSON whatever the type says: "%s"',
    async (type) => {
      const app = await answering(Buffer.from(user), { 'content-type': type });
      expect(await session(app.url).get('User', '1')).toMatchObject({ ok: true, value: { id: '1' } });
    },
  );

  it('of a refusal keeps its status whatever it is', async () => {
    const huge = await answering(Buffer.alloc(20 * 1024 * 1024, 'x'), { 'content-type': 'text/plain' }, 409);
    const refusal = await session(huge.url).create('User', body);
    expect(refusal).toMatchObject({ ok: false, error: { code: 'Conflict', status: 409 } });
    expect(refusal.ok ? '' : refusal.error.detail).toHaveLength(2_000);
    const odd = await answering(Buffer.from([0xff, 0xfe, 0xfd]), { 'content-encoding': 'zstd' }, 400);
    expect(await session(odd.url).create('User', body)).toMatchObject({ ok: false, error: { code: 'BadRequest' } });
  });
});

describe('a creation that is answered without a resource', () => {
  it.each([
    [201, '', 'Users/42%2Fa', '42/a'],
    [200, '', '/scim/v2/Users/42', '42'],
    [202, '{}', 'https://elsewhere.example/Users/42/', '42'],
    [201, '{"id":', 'Users/42', '42'],
  ])('%i with "%s" is one if Location names it: %s', async (status, text, location, id) => {
    const app = await server((_request, response) => reply(response, status, text, { location }));
    expect(await session(app.url).create('User', body)).toMatchObject({ ok: true, value: { id } });
  });

  it.each([
    [201, '', {}],
    [201, '', { location: '/login' }],
    [200, '<html></html>', { location: '/Users/42' }],
    [201, '', { location: '/Users/' }],
  ])('%i with "%s" and %j is not known to be one', async (status, text, headers) => {
    const app = await server((_request, response) => reply(response, status, text, headers));
    expect(await session(app.url).create('User', body)).toMatchObject({ ok: false, error: { code: INCOMPATIBLE } });
  });
});

describe('a deletion', () => {
  it('is done with 200 and any JSON, not with a page of HTML', async () => {
    const app = await server((request, response) =>
      request.url.endsWith('/1')
        ? reply(response, 200, { deleted: true })
        : reply(response, 200, '<html>Sign in</html>', { 'content-type': 'text/html' }),
    );
    expect(await session(app.url).remove('User', '1')).toEqual({ ok: true, value: null });
    expect(await session(app.url).remove('User', '2')).toMatchObject(failed(INCOMPATIBLE, 'HTML'));
  });
});

describe('time', () => {
  it('is limited for an answer as a whole, however steadily it drips', async () => {
    const app = await server((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/scim+json' });
      const drip = setInterval(() => response.write(' '), 20);
      atEnd(() => {
        clearInterval(drip);
        return Promise.resolve();
      });
    });
    const open = session(app.url, { timeoutMs: 200, wait: noWait });
    expect(await open.create('User', body)).toMatchObject(failed('Timeout', 'no answer in time'));
    expect(app.seen).toHaveLength(1);
  });

  it('between requests may be longer than the application keeps a connection open', async () => {
    const http = createServer((_request, response) => reply(response, 201, { id: '1' }));
    http.keepAliveTimeout = 1;
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    atEnd(() => new Promise((resolve) => http.close(resolve)));
    const open = session(`http://127.0.0.1:${String((http.address() as { port: number }).port)}`);
    for (let time = 0; time < 5; time += 1) {
      expect(await open.create('User', body)).toMatchObject({ ok: true });
      const idle = new Promise((resolve) => http.once('connection', resolve));
      const next = open.create('User', body);
      await Promise.race([idle, next]);
      expect(await next).toMatchObject({ ok: true });
    }
  });
});

describe('a connection', () => {
  it('that breaks before an answer is a named failure, never a second creation', async () => {
    const app = await byteServer('');
    expect(await session(app.url, { wait: noWait }).create('User', body)).toMatchObject(
      failed('WebExceptionProtocolError', 'closed before the answer'),
    );
    expect(app.connections()).toBe(1);
  });

  it('that is refused for a moment is tried again, also for a creation', async () => {
    const first = createServer();
    await new Promise<void>((resolve) => first.listen(0, '127.0.0.1', resolve));
    const { port } = first.address() as { port: number };
    await new Promise((resolve) => first.close(resolve));
    const http = createServer((_request, response) => reply(response, 201, { id: '1' }));
    atEnd(() => new Promise((resolve) => http.close(resolve)));
    const starts = (): Promise<void> => new Promise((resolve) => http.listen(port, '127.0.0.1', resolve));
    const open = session(`http://127.0.0.1:${String(port)}`, { wait: starts });
    expect(await open.create('User', body)).toMatchObject({ ok: true, value: { id: '1' } });
    expect(open.sent.writes).toBe(2);
  });

  it('is kept per origin and closed when nobody uses it', async () => {
    const app = await server((_request, response) => reply(response, 200, listOf()));
    const wire = createWire({ timeoutMs: 5_000, allowPrivate: true, unusedMs: 10 });
    atEnd(() => wire.close());
    const origin = new URL(app.url).origin;
    const request = { origin, path: '/', method: 'GET', headers: {}, body: null, tls: null } as const;
    await Promise.all([1, 2, 3].map(() => wire.send(request, () => undefined)));
    expect(wire.pools()).toBeLessThanOrEqual(1);
    await expect.poll(() => wire.pools()).toBe(0);
    expect((await wire.send(request, () => undefined)).status).toBe(200);
  });
});

describe('an application that answers no more', () => {
  const titled = [{ op: 'remove', path: 'title' }] as const;
  const brief = { timeoutMs: 100, concurrency: 8, wait: () => Promise.resolve() };

  it('is lost after a handful of requests that ran out, whoever sent them, and is left alone then', async () => {
    const app = await server(() => undefined);
    const open = session(app.url, brief);
    const writes = Array.from({ length: 8 }, (_, n) => open.patch('User', String(n), titled));
    const ends = await Promise.allSettled(writes);
    const lost = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
    expect(lost.length).toBeGreaterThanOrEqual(4);
    for (const reason of lost)
      expect(reason).toMatchObject({ code: UNREACHABLE, message: expect.stringContaining('in a row') as string });
    for (const end of ends)
      if (end.status === 'fulfilled') expect(end.value).toMatchObject({ error: { code: 'Timeout' } });
    expect(app.seen.filter(({ method }) => method === 'GET')).toHaveLength(1);
    const before = app.seen.length;
    await expect(open.create('User', body)).rejects.toMatchObject({ code: UNREACHABLE });
    expect(app.seen).toHaveLength(before);
  });

  it('is not asked again and again for one object after the other', async () => {
    const app = await server(() => undefined);
    const open = session(app.url, brief);
    expect(await open.create('User', body)).toMatchObject({ error: { code: 'Timeout' } });
    expect(await open.get('User', '1')).toMatchObject({ error: { code: 'Timeout' } });
    await expect(open.get('User', '2')).rejects.toMatchObject({ code: UNREACHABLE });
    expect(app.seen).toHaveLength(1 + 3 + 1 + 1);
  });

  it('is lost too when it breaks one connection after the other', async () => {
    const app = await server((_request, response) => void response.destroy());
    const open = session(app.url, brief);
    for (let n = 1; n < 5; n += 1)
      expect(await open.patch('User', '1', titled)).toMatchObject({ error: { code: 'WebExceptionProtocolError' } });
    await expect(open.patch('User', '1', titled)).rejects.toMatchObject({ code: UNREACHABLE });
  });

  it('is not lost while it still lists its users: the writes that ran out failed by themselves', async () => {
    const app = await server((request, response) => {
      if (request.method === 'GET') reply(response, 200, listOf());
    });
    const open = session(app.url, brief);
    const writes = Array.from({ length: 8 }, (_, n) => open.patch('User', String(n), titled));
    for (const answer of await Promise.all(writes)) expect(answer).toMatchObject({ error: { code: 'Timeout' } });
    expect(app.seen.filter(({ method }) => method === 'GET')).toHaveLength(1);
  });
});

describe('an application that denies one object after the other', () => {
  const denying = (status: number, list: (response: ServerResponse) => void) =>
    server((request, response) =>
      request.url.includes('count=1') ? list(response) : reply(response, status, { detail: 'no' }),
    );

  it('is lost when it denies its list of users as well, and is left alone then', async () => {
    const app = await denying(404, (response) => reply(response, 404, { detail: 'no' }));
    const open = session(app.url);
    for (let n = 1; n < 5; n += 1) expect(await open.remove('User', String(n))).toEqual({ ok: true, value: null });
    await expect(open.remove('User', '5')).rejects.toMatchObject({ code: INCOMPATIBLE });
    await expect(open.remove('User', '6')).rejects.toThrow('denied 5 requests in a row');
    expect(app.seen).toHaveLength(6);
    const closed = await denying(403, (response) => reply(response, 403, {}));
    const refused = session(closed.url);
    for (let n = 1; n < 5; n += 1)
      expect(await refused.patch('User', '1', [{ op: 'remove', path: 'title' }])).toMatchObject({
        error: { code: 'InsufficientRights' },
      });
    await expect(refused.create('User', body)).rejects.toMatchObject({
      code: 'SystemForCrossDomainIdentityManagementInvalidCredentials',
    });
  });

  it('is lost as well when it answers everything with pages for people, and is asked no more', async () => {
    const app = await server((_request, response) => reply(response, 200, '<html>', { 'content-type': 'text/html' }));
    const open = session(app.url);
    for (let n = 1; n < 5; n += 1)
      expect(await open.patch('User', String(n), [{ op: 'remove', path: 'title' }])).toMatchObject({ ok: false });
    await expect(open.get('User', '5')).rejects.toThrow('denied 5 requests in a row');
    await expect(open.get('User', '6')).rejects.toMatchObject({ code: INCOMPATIBLE });
    expect(app.seen).toHaveLength(6);
  });

  it('is not lost while it still lists them, or while some answers are good', async () => {
    const app = await denying(404, (response) => reply(response, 200, listOf()));
    const open = session(app.url);
    for (let n = 1; n <= 12; n += 1)
      expect(await open.get('User', String(n))).toMatchObject({ error: { code: 'InvalidAnchor' } });
    expect(app.seen).toHaveLength(12 + 2);
    const mixed = await server((_request, response, count) =>
      reply(response, count % 3 === 0 ? 200 : 403, { id: '1' }),
    );
    const half = session(mixed.url);
    for (let n = 1; n <= 12; n += 1) await half.get('User', String(n));
    expect(mixed.seen).toHaveLength(12);
  });
});
