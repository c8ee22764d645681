// The SCIM client against applications that throttle, break, lie or are not there.
import { afterEach, describe, expect, it } from 'vitest';

import { SystemError } from '../../src/rules/model/errors.ts';
import { rfcDialect } from '../../src/rules/model/target.ts';
import { WireFailure } from '../../src/target/failure.ts';
import { createWire } from '../../src/target/wire.ts';
import {
  atEnd,
  byteServer,
  endAll,
  freePort,
  listOf,
  reply,
  server,
  session,
  simulator,
  targets,
  token,
  USER,
} from './support.ts';
import type { Seen } from './support.ts';

afterEach(endAll);

const INCOMPATIBLE = 'SystemForCrossDomainIdentityManagementServiceIncompatible';
const UNREACHABLE = 'SystemForCrossDomainIdentityManagementUnreachable';
const userName = { targetPath: 'userName', value: 'a', priority: 1 };
const body = { schemas: [USER], userName: 'a' };
const retitle = [{ op: 'replace', path: 'title', value: 'CEO' }] as const;
const noWait = (): Promise<void> => Promise.resolve();
const noting =
  (waits: number[]) =>
  (ms: number): Promise<void> => {
    waits.push(ms);
    return Promise.resolve();
  };
const failed = (code: string, message?: string): object => ({
  ok: false,
  error: { code, ...(message === undefined ? {} : { message: expect.stringContaining(message) as string }) },
});

describe('throttling and failures', () => {
  it('waits as long as Retry-After says, in seconds or as a date, and sends again', async () => {
    const waits: number[] = [];
    const later = new Date(Date.now() + 20_000).toUTCString();
    const app = await server((_request, response, count) => {
      if (count === 1) reply(response, 429, {}, { 'retry-after': '7' });
      else if (count === 2) reply(response, 503, {}, { 'retry-after': later });
      else reply(response, 201, { id: '1', ...body });
    });
    const open = session(app.url, { wait: noting(waits) });
    expect(await open.create('User', body)).toMatchObject({ ok: true, value: { id: '1' } });
    expect(waits[0]).toBeGreaterThan(6_500);
    expect(waits[0]).toBeLessThanOrEqual(7_000);
    expect(waits[1]).toBeGreaterThan(15_000);
    expect(open.sent).toEqual({ requests: 3, writes: 3 });
  });

  it('gives up after six attempts', async () => {
    const waits: number[] = [];
    const app = await simulator({ faults: { failNext: 9, status: 429, retryAfter: 1 } });
    const open = session(app.url, { wait: noting(waits) });
    expect(await open.create('User', body)).toMatchObject(failed('TooManyRequests'));
    expect(waits).toHaveLength(5);
    expect(app.requests().total).toBe(6);
  });

  it('does not wait for hours: the objects of the page are tried in the next cycle, without asking for each', async () => {
    const waits: number[] = [];
    const app = await simulator({ faults: { failNext: 9, status: 429, retryAfter: 3_600 } });
    const open = session(app.url, { wait: noting(waits) });
    const answers = await Promise.all([open.create('User', body), open.get('User', '1'), open.get('User', '2')]);
    for (const answer of answers) expect(answer).toMatchObject(failed('TooManyRequests'));
    expect(await open.patch('User', '3', retitle)).toMatchObject(
      failed('TooManyRequests', 'asked not to be asked again'),
    );
    expect(waits).toEqual([]);
    expect(app.requests().total).toBeLessThanOrEqual(3);
  });

  it.each([500, 502, 503, 504])('repeats a read after %i, never a write', async (status) => {
    const app = await server((_request, response, count) =>
      count === 3 ? reply(response, 200, listOf()) : reply(response, status, {}),
    );
    const open = session(app.url, { wait: noWait });
    expect(await open.find('User', userName)).toEqual({ ok: true, value: [] });
    const other = await server((_request, response) => reply(response, status, { detail: 'boom' }));
    const writing = session(other.url, { wait: noWait });
    const code = status === 504 ? 'Timeout' : 'InternalServerError';
    expect(await writing.create('User', body)).toMatchObject(failed(code, 'boom'));
    expect(await writing.patch('User', '1', retitle)).toMatchObject(failed(code));
    expect(other.seen).toHaveLength(2);
  });

  it('does not repeat a creation that may have arrived: time-out', async () => {
    const app = await server(() => undefined);
    const open = session(app.url, { timeoutMs: 100, wait: noWait });
    expect(await open.create('User', body)).toMatchObject(failed('Timeout', 'create user a'));
    expect(app.seen).toHaveLength(1);
    expect(await open.get('User', '1')).toMatchObject(failed('Timeout'));
    expect(app.seen).toHaveLength(4);
  });

  it('does not repeat a creation that may have arrived: broken connection', async () => {
    const app = await simulator({ faults: { failNext: 1, dropConnection: 'after' } });
    const open = session(app.url, { wait: noWait });
    expect(await open.create('User', body)).toMatchObject(failed('WebExceptionProtocolError'));
    expect(app.state().users).toMatchObject([{ userName: 'a' }]);
    expect(app.requests().total).toBe(1);
    app.setFaults({ failNext: 1, dropConnection: 'before' });
    expect(await open.find('User', userName)).toMatchObject({ ok: true, value: [{ attributes: { userName: 'a' } }] });
    app.setFaults({ failNext: 1, dropConnection: 'after' });
    const [user] = app.state().users;
    expect(await open.remove('User', user?.['id'] as string)).toEqual({ ok: true, value: null });
  });

  it.each([
    [400, {}, 'BadRequest'],
    [400, { scimType: 'uniqueness' }, 'Conflict'],
    [402, {}, 'BadRequest'],
    [403, {}, 'InsufficientRights'],
    [404, {}, 'InvalidAnchor'],
    [405, {}, 'MethodNotAllowed'],
    [409, {}, 'Conflict'],
    [413, {}, 'UnprocessableEntity'],
    [415, {}, INCOMPATIBLE],
    [422, {}, 'UnprocessableEntity'],
    [500, {}, 'InternalServerError'],
    [501, {}, 'NotImplemented'],
  ])('reads status %i with %j as %s', async (status, answer, code) => {
    const app = await server((_request, response) => reply(response, status, answer));
    expect(await session(app.url).patch('User', '1', retitle)).toMatchObject({ ok: false, error: { code, status } });
  });
});

describe('answers outside the protocol', () => {
  const page = '<!DOCTYPE html><title>Sign in</title>';

  it('takes HTML for no answer, for one object as for the connection', async () => {
    const app = await server((_request, response) => reply(response, 200, page, { 'content-type': 'text/html' }));
    const open = session(app.url);
    expect(await open.find('User', userName)).toMatchObject(failed(INCOMPATIBLE, 'HTML'));
    expect(await open.create('User', body)).toMatchObject(failed(INCOMPATIBLE, 'HTML'));
    expect(await open.get('User', '1')).toMatchObject(failed(INCOMPATIBLE, 'HTML'));
    expect(await open.patch('User', '1', retitle)).toMatchObject(failed(INCOMPATIBLE, 'HTML'));
    await expect(open.testConnection('userName')).rejects.toMatchObject({
      code: INCOMPATIBLE,
      message: expect.stringContaining('HTML') as string,
    });
  });

  it('invariant 1: a page of HTML with status 404 is no evidence that an account is gone', async () => {
    const app = await server((_request, response) => reply(response, 404, page, { 'content-type': 'text/html' }));
    const open = session(app.url);
    expect(await open.remove('User', '1')).toMatchObject(failed(INCOMPATIBLE));
    expect(await open.get('User', '1')).toMatchObject(failed(INCOMPATIBLE));
    expect(await open.find('User', userName)).toMatchObject(failed(INCOMPATIBLE));
  });

  it('names truncated JSON, JSON that is no list, and a missing id', async () => {
    const answers = ['{"totalResults": 1, "Resou', '{"hello":1}', '[]', listOf({ userName: 'a' })];
    const app = await server((_request, response, count) =>
      reply(response, 200, answers[count - 1] ?? '{"userName":"a"}'),
    );
    const open = session(app.url);
    expect(await open.find('User', userName)).toMatchObject(failed(INCOMPATIBLE, 'incomplete'));
    expect(await open.find('User', userName)).toMatchObject(failed(INCOMPATIBLE, 'not a SCIM list'));
    expect(await open.find('User', userName)).toMatchObject(failed(INCOMPATIBLE, 'not an object'));
    expect(await open.find('User', userName)).toMatchObject(failed(INCOMPATIBLE, 'without id'));
    expect(await open.create('User', body)).toMatchObject(failed(INCOMPATIBLE, 'without id'));
    expect(await open.get('User', '1')).toMatchObject(failed(INCOMPATIBLE, 'without id'));
    expect(await open.patch('User', '1', retitle)).toEqual({ ok: true, value: null });
  });

  it('names an answer that ends before its length, and bytes that are no HTTP', async () => {
    const short = await byteServer(
      'HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"id":',
    );
    expect(await session(short.url).create('User', body)).toMatchObject(
      failed('WebExceptionProtocolError', 'create user a'),
    );
    expect(short.connections()).toBe(1);
    const noise = await byteServer('SSH-2.0-OpenSSH\r\n');
    expect(await session(noise.url).create('User', body)).toMatchObject(failed(INCOMPATIBLE, 'not HTTP'));
    await expect(session(noise.url).testConnection('userName')).rejects.toMatchObject({ code: INCOMPATIBLE });
  });

  it('does not read more than 10 MB', async () => {
    const app = await server((_request, response) => reply(response, 200, `{"x":"${'y'.repeat(11 * 1024 * 1024)}"}`));
    expect(await session(app.url).get('User', '1')).toMatchObject(failed(INCOMPATIBLE, '10 MB'));
  });

  it('counts only what holds the value, whatever the application answers', async () => {
    const everybody = listOf({ id: '1', userName: 'x' }, { id: '2', userName: 'A' }, { id: '3' });
    const app = await server((_request, response) => reply(response, 200, everybody));
    expect(await session(app.url).find('User', userName)).toMatchObject({ ok: true, value: [{ id: '2' }] });
  });

  it('follows pages until two matches are known, and ends where an application repeats itself', async () => {
    const starts: (string | null)[] = [];
    const pages = await server((request, response, count) => {
      starts.push(new URL(request.url, 'http://x').searchParams.get('startIndex'));
      reply(response, 200, { totalResults: 9, Resources: [{ id: String(count), userName: count === 1 ? 'x' : 'a' }] });
    });
    expect(await session(pages.url).find('User', userName)).toMatchObject({
      ok: true,
      value: [{ id: '2' }, { id: '3' }],
    });
    expect(starts).toEqual([null, '2', '3']);
    const same = await server((_request, response) =>
      reply(response, 200, { totalResults: 9, Resources: [{ id: '1', userName: 'a' }] }),
    );
    expect(await session(same.url).find('User', userName)).toMatchObject({ ok: true, value: [{ id: '1' }] });
    expect(same.seen).toHaveLength(2);
  });

  it('invariant 1: a list without end is unknown, not absent', async () => {
    const app = await server((_request, response, count) =>
      reply(response, 200, { totalResults: 1e6, Resources: [{ id: String(count), userName: 'x' }] }),
    );
    expect(await session(app.url).find('User', userName)).toMatchObject(
      failed(INCOMPATIBLE, 'does not honour the filter'),
    );
    expect(app.seen.length).toBeLessThanOrEqual(20);
  });

  describe('invariant 1: an application that ignores filters', () => {
    const everybody = Array.from({ length: 27 }, (_, at) => ({
      id: `u${String(at)}`,
      userName: at === 25 ? 'A' : `u${String(at)}`,
    }));
    const absent = { targetPath: 'userName', value: 'nobody', priority: 1 };
    const asked = ({ url }: Seen, name: string): number => Number(new URL(url, 'http://x').searchParams.get(name));
    const slice = (start: number, count: number) => everybody.slice(start, start + count);

    it('is read page by page, also past a total that counts one page only', async () => {
      for (const total of [27, 20]) {
        const app = await server((request, response) =>
          reply(response, 200, {
            totalResults: total,
            Resources: slice(Math.max(1, asked(request, 'startIndex')) - 1, 20),
          }),
        );
        expect(await session(app.url).find('User', userName)).toMatchObject({ ok: true, value: [{ id: 'u25' }] });
        expect(await session(app.url).find('User', absent)).toEqual({ ok: true, value: [] });
      }
    });

    it('and positions is read in one page where it takes its size', async () => {
      const app = await server((request, response) =>
        reply(response, 200, { totalResults: 27, Resources: slice(0, asked(request, 'count') || 20) }),
      );
      expect(await session(app.url).find('User', userName)).toMatchObject({ ok: true, value: [{ id: 'u25' }] });
      expect(await session(app.url).find('User', absent)).toEqual({ ok: true, value: [] });
    });

    it('and positions and sizes leaves unknown who is not on the page that it shows', async () => {
      const app = await server((_request, response) =>
        reply(response, 200, { totalResults: 27, Resources: slice(0, 20) }),
      );
      const open = session(app.url);
      expect(await open.find('User', userName)).toMatchObject(failed(INCOMPATIBLE, 'shows only 20 of its 27 users'));
      expect(await open.find('User', { targetPath: 'userName', value: 'u3', priority: 1 })).toMatchObject({
        ok: true,
        value: [{ id: 'u3' }],
      });
    });
  });

  it('takes ids that are numbers, and answers without a body to a change', async () => {
    const app = await server((request, response) =>
      request.method === 'PATCH' ? reply(response, 204, '') : reply(response, 200, { id: 7 }),
    );
    expect(await session(app.url).get('User', '7')).toMatchObject({ ok: true, value: { id: '7' } });
    expect(await session(app.url).patch('User', '7', retitle)).toEqual({ ok: true, value: null });
  });
});

describe('redirects', () => {
  it('are followed within the origin, with the token', async () => {
    const app = await server((request, response) =>
      request.url.startsWith('/v2')
        ? reply(response, 200, listOf())
        : reply(response, 302, '', { location: `/v2${request.url}` }),
    );
    const open = session(app.url);
    expect(await open.find('User', userName)).toEqual({ ok: true, value: [] });
    expect(app.seen.map((each) => each.headers.authorization)).toEqual([`Bearer ${token}`, `Bearer ${token}`]);
    expect(open.sent.requests).toBe(2);
  });

  it('never carry the token to another origin, and do not go in circles', async () => {
    const thief = await server((_request, response) => reply(response, 200, listOf()));
    const app = await server((request, response) =>
      reply(response, 307, '', { location: request.url.includes('Groups') ? request.url : thief.url }),
    );
    const open = session(app.url);
    expect(await open.find('User', userName)).toMatchObject(failed(INCOMPATIBLE, 'redirect to another place'));
    expect(thief.seen).toEqual([]);
    expect(await open.find('Group', userName)).toMatchObject(failed(INCOMPATIBLE, 'more than 3 redirects'));
    expect(app.seen).toHaveLength(1 + 4);
    await expect(open.testConnection('userName')).rejects.toMatchObject({ code: INCOMPATIBLE });
  });

  it('do not turn a creation into something else', async () => {
    const app = await server((_request, response) => reply(response, 302, '', { location: '/login' }));
    expect(await session(app.url).create('User', body)).toMatchObject(failed(INCOMPATIBLE, 'redirect with status 302'));
    expect(app.seen).toHaveLength(1);
  });
});

describe('a target that cannot be reached', () => {
  it('is a lost system named by its address', async () => {
    const port = await freePort();
    const open = session(`http://127.0.0.1:${String(port)}/scim?key=hidden`, { wait: noWait });
    const lost = {
      code: UNREACHABLE,
      message: `The application at http://127.0.0.1:${String(port)}/scim cannot be reached: nothing listens there.`,
    };
    await expect(open.find('User', userName)).rejects.toMatchObject(lost);
    await expect(open.create('User', body)).rejects.toBeInstanceOf(SystemError);
    await expect(open.testConnection('userName')).rejects.toMatchObject(lost);
    await expect(session('http://no-such-host.invalid').get('User', '1')).rejects.toMatchObject({
      code: UNREACHABLE,
      message: 'The application at http://no-such-host.invalid cannot be reached: the host name does not exist.',
    });
  });

  it('is so too when it does not speak TLS', async () => {
    const app = await simulator();
    await expect(session(app.url.replace('http:', 'https:')).get('User', '1')).rejects.toMatchObject({
      code: UNREACHABLE,
    });
  });

  it('is not asked at all on a private network where that is not allowed, by address or by name', async () => {
    const app = await simulator();
    expect(() => targets({ allowPrivate: false }).open({ baseAddress: app.url, token }, rfcDialect)).toThrow(
      'private network',
    );
    const wire = createWire({ timeoutMs: 5_000, allowPrivate: false });
    atEnd(() => wire.close());
    const request = {
      origin: `http://localhost:${String(app.port)}`,
      path: '/scim/Users',
      method: 'GET',
      headers: {},
      body: null,
      tls: null,
    } as const;
    const refusal = await wire.send(request, () => undefined).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(WireFailure);
    expect(refusal).toMatchObject({ kind: 'private' });
    expect(app.requests().total).toBe(0);
  });

  it('ends at once when the engine stops, also while it waits to send again', async () => {
    const app = await simulator({ faults: { failNext: 1, status: 429, retryAfter: 60 } });
    const made = targets();
    const waiting = made.open({ baseAddress: app.url, token }, rfcDialect).find('User', userName);
    const outcome = waiting.catch((error: unknown) => error);
    await expect.poll(() => app.requests().total).toBe(1);
    await made.close();
    expect(await outcome).toMatchObject({ code: UNREACHABLE });
  });
});

describe('invariant 11: the token', () => {
  it('is in no error, even when the application repeats it, and details are not endless', async () => {
    const app = await server((request, response) =>
      reply(response, 400, { detail: `You sent ${String(request.headers.authorization)}`, more: 'z'.repeat(9_000) }),
    );
    const answer = await session(app.url).create('User', body);
    expect(JSON.stringify(answer)).not.toContain(token);
    expect(answer.ok ? '' : answer.error.detail).toHaveLength(2_000);
    expect(answer).toMatchObject(failed('BadRequest', 'You sent'));
  });
});
