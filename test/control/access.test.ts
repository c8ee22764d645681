// Tokens, sessions, and what happens to those who have neither.
import type { LightMyRequestResponse } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN, openControl } from '../support/control.ts';
import type { Control } from '../support/control.ts';

interface Made {
  readonly id: string;
  readonly token: string;
  readonly prefix: string;
  readonly expiresAt: string | null;
}
interface Who {
  readonly principal: { readonly subject: string; readonly role: string } | null;
  readonly csrfToken: string | null;
}
type Method = 'GET' | 'POST' | 'DELETE';

let control: Control;
beforeEach(async () => void (control = await openControl({ access: { rules: { mostFailures: 5 } } })));
afterEach(() => control.close());

const make = async (body: object): Promise<Made> => {
  const answer = await control.post('/api/tokens', body);
  expect(answer.statusCode).toBe(201);
  return answer.json<Made>();
};
const as = (token: string, method: Method, url: string) =>
  control.send(method, url, undefined, { authorization: `Bearer ${token}` });
const without = (method: Method, url: string, headers: Record<string, string> = {}, payload?: object) =>
  control.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
const signIn = (token: string, headers: Record<string, string> = {}) =>
  without('POST', '/api/session', headers, { token });
const cookieOf = (answer: LightMyRequestResponse): string =>
  String(answer.headers['set-cookie']).split(';', 1)[0] ?? '';
const later = (seconds: number) => void (control.world.now = new Date(control.world.now.getTime() + seconds * 1000));

describe('access tokens', () => {
  it('let in with their role until they are revoked, are shown once, and are kept as a digest', async () => {
    const made = await make({ name: 'dashboard', role: 'reader' });
    expect(made.token).toMatch(/^pvr_[\w-]{43}$/);
    expect(made.token.startsWith(made.prefix)).toBe(true);
    expect((await as(made.token, 'GET', '/api/jobs')).statusCode).toBe(200);
    expect((await as(made.token, 'GET', '/api/tokens')).statusCode).toBe(403);
    const listed = await control.send('GET', '/api/tokens');
    expect(listed.body).not.toContain(made.token);
    expect(listed.json<{ value: object[] }>().value).toEqual([
      expect.objectContaining({
        name: 'dashboard',
        role: 'reader',
        createdBy: 'admin token',
        lastUsedAt: '2026-05-18T19:00:00.000Z',
      }),
    ]);
    expect((await control.send('DELETE', `/api/tokens/${made.id}`)).statusCode).toBe(204);
    expect((await as(made.token, 'GET', '/api/jobs')).statusCode).toBe(401);
    expect((await control.send('DELETE', `/api/tokens/${made.id}`)).statusCode).toBe(404);
    const acts = control.world.audits.map(({ actor, activity, ipAddress }) => [actor, activity, ipAddress]);
    expect(acts).toEqual([
      ['admin token', 'Create access token', '127.0.0.1'],
      ['admin token', 'Revoke access token', '127.0.0.1'],
    ]);
    expect(JSON.stringify(control.world.audits) + control.logged.join('')).not.toContain(made.token);
  });

  it('expire: after ninety days, at the time that was asked for, or never', async () => {
    const usual = await make({ name: 'usual', role: 'operator' });
    const short = await make({ name: 'short', role: 'operator', expiresAt: '2026-05-18T21:00:00+01:00' });
    const endless = await make({ name: 'endless', role: 'operator', expiresAt: null });
    expect([usual.expiresAt, short.expiresAt, endless.expiresAt]).toEqual([
      '2026-08-16T19:00:00.000Z',
      '2026-05-18T20:00:00.000Z',
      null,
    ]);
    const status = async ({ token }: Made) => (await as(token, 'GET', '/api/jobs')).statusCode;
    later(3_599);
    expect([await status(usual), await status(short), await status(endless)]).toEqual([200, 200, 200]);
    later(1);
    expect([await status(usual), await status(short), await status(endless)]).toEqual([200, 401, 200]);
    later(90 * 86_400);
    expect([await status(usual), await status(endless)]).toEqual([401, 200]);
  });

  it.each([
    [{ name: '', role: 'reader' }, 'name'],
    [{ name: 'x', role: 'owner' }, 'role'],
    [{ name: 'x', role: 'reader', expiresAt: 'tomorrow' }, 'expiresAt'],
    [{ name: 'x', role: 'reader', expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
  ])('are not made of %o', async (body, target) => {
    const answer = await control.post('/api/tokens', body);
    expect([answer.statusCode, answer.json<{ error: { target: string } }>().error.target]).toEqual([400, target]);
    expect((await control.send('GET', '/api/tokens')).json()).toEqual({ value: [] });
  });
});

describe('sessions', () => {
  it('begin with a token, say who it is, and end for good', async () => {
    const { token } = await make({ name: 'ada', role: 'operator' });
    const begun = await signIn(token);
    expect(begun.headers['set-cookie']).toMatch(
      /^provisor-session=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Lax$/,
    );
    const cookie = cookieOf(begun);
    const { csrfToken, principal } = begun.json<Who>();
    expect(principal).toEqual({ subject: 'token ada', role: 'operator' });
    const who = await without('GET', '/api/session', { cookie });
    expect(who.json()).toEqual(begun.json());
    expect(begun.body).not.toContain(cookie.split('=')[1]);
    expect((await without('DELETE', '/api/session', { cookie })).statusCode).toBe(403);
    const ended = await without('DELETE', '/api/session', { cookie, 'x-csrf-token': csrfToken ?? '' });
    expect([ended.statusCode, ended.headers['set-cookie']]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect((await without('GET', '/api/jobs', { cookie })).statusCode).toBe(401);
    expect((await without('GET', '/api/session', { cookie })).json<Who>().principal).toBeNull();
    expect(control.world.audits.map(({ activity }) => activity).slice(1)).toEqual(['Sign in', 'Sign out']);
  });

  it('let nothing be changed without the token that only pages of this origin can read', async () => {
    const begun = await signIn(ADMIN);
    const cookie = cookieOf(begun);
    const body = { name: 'forged', role: 'admin' };
    const other = (await signIn(ADMIN)).json<Who>().csrfToken ?? '';
    for (const headers of [{ cookie }, { cookie, 'x-csrf-token': '' }, { cookie, 'x-csrf-token': other }]) {
      const answer = await without('POST', '/api/tokens', headers, body);
      expect([answer.statusCode, answer.json<{ error: { code: string } }>().error.code]).toEqual([
        403,
        'CsrfTokenInvalid',
      ]);
    }
    expect((await control.send('GET', '/api/tokens')).json()).toEqual({ value: [] });
    const own = { cookie, 'x-csrf-token': begun.json<Who>().csrfToken ?? '' };
    expect((await without('POST', '/api/tokens', own, body)).statusCode).toBe(201);
    expect((await without('GET', '/api/jobs', { cookie })).statusCode).toBe(200);
  });

  it('are new with every sign-in, and the one before ends', async () => {
    const first = cookieOf(await signIn(ADMIN));
    const second = cookieOf(await signIn(ADMIN, { cookie: first }));
    expect(second).not.toBe(first);
    expect((await without('GET', '/api/jobs', { cookie: first })).statusCode).toBe(401);
    expect((await without('GET', '/api/jobs', { cookie: second })).statusCode).toBe(200);
  });

  it('end when nothing happens for an hour, and after twelve hours whatever happens', async () => {
    const status = async (cookie: string) => (await without('GET', '/api/jobs', { cookie })).statusCode;
    const idle = cookieOf(await signIn(ADMIN));
    const busy = cookieOf(await signIn(ADMIN));
    for (let hour = 0; hour < 13; hour += 1) {
      later(3_300);
      expect(await status(busy)).toBe(200);
    }
    expect(await status(idle)).toBe(401);
    later(300);
    expect(await status(busy)).toBe(401);
  });

  it('end with the token that signed in', async () => {
    const { id, token } = await make({ name: 'ada', role: 'reader' });
    const cookie = cookieOf(await signIn(token));
    expect((await without('GET', '/api/jobs', { cookie })).statusCode).toBe(200);
    await control.send('DELETE', `/api/tokens/${id}`);
    expect((await without('GET', '/api/jobs', { cookie })).statusCode).toBe(401);
  });

  it('do not begin with a form of another site, nor with a wrong token, which is noted', async () => {
    const form = { 'content-type': 'text/plain' };
    const forged = await control.app.inject({
      method: 'POST',
      url: '/api/session',
      headers: form,
      payload: `{"token":"${ADMIN}"}`,
    });
    expect([forged.statusCode, forged.headers['set-cookie']]).toEqual([415, undefined]);
    const wrong = await signIn('pvr_wrong');
    expect([wrong.statusCode, wrong.headers['set-cookie']]).toEqual([401, undefined]);
    expect(control.world.audits.at(-1)).toMatchObject({ activity: 'Sign-in refused', ipAddress: '127.0.0.1' });
  });
});

describe('too many failures', () => {
  it('make an address wait, but not those that were right before', async () => {
    const { token } = await make({ name: 'script', role: 'reader' });
    expect((await as(token, 'GET', '/api/jobs')).statusCode).toBe(200);
    for (let n = 0; n < 5; n += 1) expect((await as(`wrong-${String(n)}`, 'GET', '/api/jobs')).statusCode).toBe(401);
    const refused = await as('wrong-again', 'GET', '/api/jobs');
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '60']);
    expect(refused.json<{ error: { code: string } }>().error.code).toBe('TooManyRequests');
    const unseen = await control.world.access.tokens();
    expect(unseen).toHaveLength(1);
    expect((await signIn('wrong')).statusCode).toBe(429);
    expect((await as(token, 'GET', '/api/jobs')).statusCode).toBe(200);
    later(60);
    expect((await as('wrong-again', 'GET', '/api/jobs')).statusCode).toBe(401);
  });

  it('do not count those who send no token at all', async () => {
    for (let n = 0; n < 20; n += 1) expect((await without('GET', '/api/jobs')).statusCode).toBe(401);
    expect((await as('wrong', 'GET', '/api/jobs')).statusCode).toBe(401);
  });

  it('make the beginning of a token wait, whatever the address', async () => {
    await control.close();
    control = await openControl({ trustedProxies: ['127.0.0.1'] });
    const guess = (n: number) =>
      control.send('GET', '/api/jobs', undefined, {
        authorization: `Bearer pvr_abcdefgh${String(n)}`,
        'x-forwarded-for': `198.51.100.${String(n)}`,
      });
    for (let n = 0; n < 10; n += 1) expect((await guess(n)).statusCode).toBe(401);
    expect((await guess(11)).statusCode).toBe(429);
  });
});

describe('browsers', () => {
  it('are told to load nothing from elsewhere, to guess nothing and to stay on https', async () => {
    const { headers } = await without('GET', '/healthz');
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    expect(headers).not.toHaveProperty('strict-transport-security');
    await control.close();
    control = await openControl({ trustedProxies: ['127.0.0.1'] });
    const secure = await signIn(ADMIN, { 'x-forwarded-proto': 'https' });
    expect(secure.headers['strict-transport-security']).toMatch(/^max-age=\d{8}/);
    expect(secure.headers['set-cookie']).toMatch(/^__Host-provisor-session=.*; Secure$/);
  });

  it('are refused by every other origin: nothing answers to CORS', async () => {
    const origin = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    for (const [method, url] of [
      ['OPTIONS', '/api/tokens'],
      ['OPTIONS', '/v1.0/users'],
      ['GET', '/api/session'],
    ] as const) {
      const answer = await control.app.inject({ method, url, headers: origin });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it('are told of a body that is too large, and how large one may be', async () => {
    const answer = await control.post('/api/tokens', { name: 'x'.repeat(1_100_000), role: 'reader' });
    expect([answer.statusCode, answer.json<{ error: { message: string } }>().error.message]).toEqual([
      413,
      expect.stringContaining('1 MiB'),
    ]);
  });
});
