// Sign-in of people at an OpenID provider: the mock Entra, with a browser that keeps cookies.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, fetch } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ownCa } from '../../src/control/own-ca.ts';
import { startMockEntra } from '../../src/simulators/mock-entra/start.ts';
import type { MockEntra } from '../../src/simulators/mock-entra/start.ts';
import { openControl } from '../support/control.ts';
import type { Control } from '../support/control.ts';

const CLIENT = 'provisor-console';
const SECRET = 'a-client-secret-of-the-console';

let folder: string;
let mock: MockEntra;
let caPem: string;
let agent: Agent;
let names: readonly string[];
const people: Record<string, readonly string[]> = {};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'provisor-openid-'));
  const tls = await ownCa(folder);
  caPem = tls.caPem;
  agent = new Agent({ connect: { ca: caPem } });
  const clients = [{ id: CLIENT, secret: SECRET, people }];
  mock = await startMockEntra({
    port: 0,
    users: 5,
    groups: 1,
    seed: 1,
    dataDir: join(folder, 'mock'),
    tls,
    clients,
    acceptToken: 'mock',
  });
  const answer = await fetch(`${mock.url}/v1.0/users`, {
    dispatcher: agent,
    headers: { authorization: 'Bearer mock' },
  });
  const { value } = (await answer.json()) as { value: { userPrincipalName: string }[] };
  names = value.map(({ userPrincipalName }) => userPrincipalName);
  people[names[0]?.toLowerCase() ?? ''] = ['Provisor.Operator', 'Something.Else'];
});
afterAll(async () => {
  await agent.close();
  await mock.close();
  await rm(folder, { recursive: true, force: true });
});

let control: Control;
beforeEach(async () => {
  const issuer = `${mock.url}/${mock.tenantId}/v2.0`;
  const roles = { 'Provisor.Operator': 'operator', 'Provisor.Admin': 'admin' } as const;
  const openId = { issuer, clientId: CLIENT, clientSecret: SECRET, roles, caPem };
  control = await openControl({ access: { openId } });
});
afterEach(() => control.close());

const get = (url: string, cookie = '') => control.app.inject({ url, headers: { host: 'provisor.example', cookie } });
const cookieNamed = (name: string, header: unknown): string =>
  [header]
    .flat()
    .map(String)
    .find((each) => each.startsWith(`${name}=`))
    ?.split(';', 1)[0] ?? '';

/** To the provider, as somebody; answers the way back and the cookie of the attempt. */
async function toProvider(who = 0, returnTo = '/') {
  const begun = await get(`/api/session/openid?returnTo=${encodeURIComponent(returnTo)}`);
  expect(begun.statusCode).toBe(302);
  const url = new URL(String(begun.headers.location));
  url.searchParams.set('login_hint', names[who] ?? '');
  const answer = await fetch(url, { dispatcher: agent, redirect: 'manual' });
  const back = new URL(answer.headers.get('location') ?? '');
  return {
    url,
    back: back.pathname + back.search,
    origin: back.origin,
    cookie: cookieNamed('provisor-sign-in', begun.headers['set-cookie']),
  };
}

describe('a person signs in', () => {
  it('with code, PKCE, state and nonce, and gets the highest of the roles that the directory gives', async () => {
    const { url, back, origin, cookie } = await toProvider(0, '/jobs?all=1#top');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      client_id: CLIENT,
    });
    for (const name of ['state', 'nonce', 'code_challenge']) expect(url.searchParams.get(name)).toMatch(/^[\w-]{43}$/);
    expect(origin).toBe('http://provisor.example');
    const ended = await get(back, cookie);
    expect([ended.statusCode, ended.headers.location]).toEqual([302, '/jobs?all=1#top']);
    const session = cookieNamed('provisor-session', ended.headers['set-cookie']);
    const who = (await get('/api/session', session)).json<{ principal: unknown }>();
    expect(who.principal).toEqual({ subject: names[0], role: 'operator' });
    expect((await get('/api/jobs', session)).statusCode).toBe(200);
    expect(control.world.audits.at(-1)).toMatchObject({ actor: names[0], activity: 'Sign in', ipAddress: '127.0.0.1' });
    expect(control.logged.join('') + JSON.stringify(control.world.audits)).not.toContain(SECRET);
  });

  it('but not without a role of Provisor', async () => {
    const { back, cookie } = await toProvider(1);
    const refused = await get(back, cookie);
    expect([refused.statusCode, cookieNamed('provisor-session', refused.headers['set-cookie'])]).toEqual([403, '']);
    expect(refused.json<{ error: { message: string } }>().error.message).toContain('Provisor.Operator');
  });

  it('not in another browser, not twice, and not with what somebody else began', async () => {
    const { back, cookie } = await toProvider();
    expect((await get(back)).statusCode).toBe(400);
    expect((await get(back, (await toProvider()).cookie)).statusCode).toBe(401);
    expect((await get(back.replace('state=', 'state=x'), cookie)).statusCode).toBe(401);
    expect((await get(back, cookie)).statusCode).toBe(302);
    expect((await get(back, cookie)).statusCode).toBe(401);
    expect((await get('/api/session/openid/callback?error=access_denied&state=x', cookie)).statusCode).toBe(401);
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/%09/evil.example',
    'javascript:alert(1)',
    '/../\\evil.example',
    '/.//evil.example',
  ])('and is never led to %s', async (returnTo) => {
    const { back, cookie } = await toProvider(0, returnTo);
    const location = String((await get(back, cookie)).headers.location);
    expect(new URL(location, 'http://provisor.example').origin).toBe('http://provisor.example');
  });
});

it('says that no provider is set where none is', async () => {
  await control.close();
  control = await openControl();
  expect((await get('/api/session/openid')).statusCode).toBe(404);
  expect((await get('/api/session')).json()).toMatchObject({ openIdUrl: null });
});
