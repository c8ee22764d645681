// OAuth 2 client credentials against a token endpoint and an application that ask for them, each in its own way.
import { afterEach, describe, expect, it } from 'vitest';

import { rfcDialect } from '../../src/rules/model/target.ts';
import type { ClientCredentials } from '../../src/rules/model/target.ts';
import { clientCredentials } from '../../src/target/oauth-token.ts';
import type { ScimSession } from '../../src/target/session.ts';
import { createWire } from '../../src/target/wire.ts';
import { atEnd, endAll, listOf, reply, server, targets } from './support.ts';
import type { Seen } from './support.ts';

afterEach(endAll);

const SECRET = 'hush&hush=1';
const userName = { targetPath: 'userName', value: 'a', priority: 1 };
const grant = (n: number, rest: object = {}): object => ({
  access_token: `token-${String(n)}`,
  token_type: 'Bearer',
  expires_in: 3600,
  ...rest,
});
type TokenAnswer = (request: Seen, count: number) => readonly [number, unknown];

async function world(answer: TokenAnswer, accepts: (authorization: string) => boolean = () => true) {
  const issuer = await server((request, response, count) => {
    const [status, body] = answer(request, count);
    reply(response, status, body, { 'content-type': 'application/json' });
  });
  const app = await server((request, response) =>
    accepts(request.headers.authorization ?? '')
      ? reply(response, 200, listOf())
      : reply(response, 401, { detail: 'expired' }),
  );
  const made = targets({ wait: () => Promise.resolve() });
  const open = (rest: Partial<ClientCredentials> = {}): ScimSession =>
    made.open(
      {
        baseAddress: app.url,
        token: null,
        oauth: {
          tokenEndpoint: `${issuer.url}/token`,
          clientId: 'provisor app',
          clientSecret: SECRET,
          scope: 'scim.write groups',
          sentIn: null,
          ...rest,
        },
      },
      rfcDialect,
    );
  return { issuer, app, open };
}

describe('a token', () => {
  it('is fetched once for all that want it at the same time, and kept for all sessions of the target', async () => {
    const { issuer, app, open } = await world((_request, count) => [200, grant(count)]);
    const [first, second] = [open(), open()];
    await Promise.all([1, 2, 3].flatMap(() => [first.find('User', userName), second.find('User', userName)]));
    await open().testConnection('userName');
    expect(issuer.seen).toHaveLength(1);
    expect(new Set(app.seen.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer token-1']));
    const [request] = issuer.seen;
    expect(request?.headers.authorization).toBe(
      `Basic ${Buffer.from('provisor+app:hush%26hush%3D1').toString('base64')}`,
    );
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'scim.write groups',
    });
  });

  it('is asked for in the body where the header is refused, and from then on at once', async () => {
    const { issuer, open } = await world(({ headers }, count) =>
      headers.authorization === undefined ? [200, grant(count, { expires_in: 0 })] : [401, { error: 'invalid_client' }],
    );
    const session = open();
    await session.find('User', userName);
    await session.find('User', userName);
    expect(issuer.seen.map(({ headers }) => headers.authorization !== undefined)).toEqual([true, false, false]);
    expect(new URLSearchParams(issuer.seen[1]?.body).get('client_secret')).toBe(SECRET);
  });

  it('is asked for in the form that is set only', async () => {
    const { issuer, open } = await world(() => [401, { error: 'invalid_client' }]);
    await expect(open({ sentIn: 'body' }).find('User', userName)).rejects.toThrow('invalid_client');
    expect(issuer.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it('is renewed before it expires, a minute or a tenth of its life', async () => {
    const { issuer } = await world((_request, count) => [200, grant(count, { expires_in: count === 1 ? '600' : 100 })]);
    const clock = { now: 0 };
    const wire = createWire({ timeoutMs: 5_000, allowPrivate: true });
    atEnd(() => wire.close());
    const oauth = { tokenEndpoint: issuer.url, clientId: 'c', clientSecret: 's', scope: null, sentIn: null };
    const requests = { wire, tls: null, userAgent: 'x', allowPrivate: true, wait: () => Promise.resolve() };
    const credential = clientCredentials(oauth, { ...requests, now: () => clock.now });
    const at = async (seconds: number): Promise<string | null> => {
      clock.now = seconds * 1_000;
      return credential.authorization();
    };
    expect([await at(0), await at(539), await at(540), await at(629), await at(631)]).toEqual(
      [1, 1, 2, 2, 3].map((n) => `Bearer token-${String(n)}`),
    );
  });

  it('without an end lives an hour', async () => {
    const { issuer, open } = await world((_request, count) => [200, { access_token: `t${String(count)}` }]);
    await open().find('User', userName);
    await open().find('User', userName);
    expect(issuer.seen).toHaveLength(1);
  });

  it('that is refused in the middle of a cycle is renewed once, for all that were refused with it', async () => {
    const { issuer, app, open } = await world(
      (_request, count) => [200, grant(count)],
      (authorization) => authorization === 'Bearer token-2',
    );
    const session = open();
    const answers = await Promise.all([1, 2, 3, 4].map(() => session.find('User', userName)));
    expect(answers).toEqual(answers.map(() => ({ ok: true, value: [] })));
    expect(issuer.seen).toHaveLength(2);
    expect(app.seen.length).toBeLessThanOrEqual(8);
  });

  it('that is refused again is the loss of the target', async () => {
    const { issuer, app, open } = await world(
      (_request, count) => [200, grant(count)],
      () => false,
    );
    const session = open();
    await expect(session.create('User', { userName: 'a' })).rejects.toMatchObject({
      code: 'SystemForCrossDomainIdentityManagementInvalidCredentials',
      message: expect.stringContaining('the access token of client provisor app from') as string,
    });
    await expect(session.find('User', userName)).rejects.toThrow('401');
    expect([issuer.seen.length, app.seen.length]).toEqual([2, 2]);
  });
});

describe('a token endpoint', () => {
  it.each([
    [
      400,
      { error: 'invalid_scope', error_description: 'no such scope' },
      'InvalidCredentials',
      'invalid_scope: no such',
    ],
    [401, { error: 'invalid_client', error_description: `wrong ${SECRET}` }, 'InvalidCredentials', 'wrong ***'],
    [403, '<html>', 'InvalidCredentials', 'HTML'],
    [404, '', 'InvalidCredentials', '404'],
    [500, '', 'Unreachable', '500'],
    [200, '<html>Sign in</html>', 'ServiceIncompatible', 'HTML'],
    [200, { token: 'x' }, 'ServiceIncompatible', 'no access_token'],
    [200, { access_token: 'two\nlines' }, 'ServiceIncompatible', 'no access_token'],
    [200, { access_token: 'x', token_type: 'DPoP' }, 'ServiceIncompatible', 'DPoP'],
  ])('that answers %i %j is %s, and nothing is sent to the application', async (status, body, code, message) => {
    const { app, open } = await world(() => [status, body]);
    const refusal = open().testConnection('userName');
    await expect(refusal).rejects.toMatchObject({
      code: `SystemForCrossDomainIdentityManagement${code}`,
      message: expect.stringContaining(message) as string,
    });
    await expect(refusal).rejects.not.toThrow(SECRET);
    expect(app.seen).toEqual([]);
  });

  it('leads nowhere else, and not into a private network where that is not allowed', async () => {
    const thief = await server((_request, response) => reply(response, 200, grant(1)));
    const issuer = await server((_request, response) => reply(response, 307, '', { location: thief.url }));
    const oauth = { tokenEndpoint: issuer.url, clientId: 'c', clientSecret: SECRET, scope: null, sentIn: null };
    const connection = { baseAddress: thief.url, token: null, oauth };
    await expect(targets().open(connection, rfcDialect).find('User', userName)).rejects.toThrow('redirect');
    expect(thief.seen).toEqual([]);
    const strict = targets({ allowPrivate: false });
    const outside = { ...connection, baseAddress: 'https://app.example/scim' };
    await expect(strict.open(outside, rfcDialect).find('User', userName)).rejects.toThrow('token endpoint');
    expect(issuer.seen).toHaveLength(1);
  });
});
