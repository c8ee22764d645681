// Microsoft's own clients against the mock: @azure/identity for tokens, microsoft-graph-client for everything else.
import { ClientSecretCredential } from '@azure/identity';
import { Client, PageIterator, type PageCollection } from '@microsoft/microsoft-graph-client';
import { TokenCredentialAuthenticationProvider } from '@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js';
import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose';
import { Agent, fetch } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminToken, openWorld, type Item, type World } from './world.ts';

let world: World;
let dispatcher: Agent;
beforeAll(async () => {
  world = await openWorld({ clients: [{ id: 'reader', secret: 's3cret', roles: ['Directory.Read.All'] }] });
  dispatcher = new Agent({ connect: { ca: world.caPem } });
});
afterAll(async () => {
  await dispatcher.close();
  await world.close();
});

const credential = (tenant: string, id = 'provisor', secret = 'provisor'): ClientSecretCredential =>
  new ClientSecretCredential(tenant, id, secret, {
    authorityHost: world.mock.url,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: world.caPem },
  });
const scope = 'https://graph.microsoft.com/.default';

const post = async (form: Record<string, string>) => {
  const response = await fetch(`${world.mock.url}/contoso/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
    dispatcher,
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe('the authority', () => {
  it('gives @azure/identity a signed token with the claims of an application, under any tenant name', async () => {
    for (const tenant of [world.mock.tenantId, 'contoso.onmicrosoft.com']) {
      const { token, expiresOnTimestamp } = await credential(tenant).getToken(scope);
      expect(expiresOnTimestamp).toBeGreaterThan(Date.now() + 3_000_000);
      expect(decodeJwt(token)).toMatchObject({
        aud: 'https://graph.microsoft.com',
        appid: 'provisor',
        azp: 'provisor',
        tid: world.mock.tenantId,
      });
    }
  });

  it('publishes the keys and the issuer that its tokens are checked with', async () => {
    const { token } = await credential('contoso').getToken(scope);
    const answer = await fetch(`${world.mock.url}/contoso/v2.0/.well-known/openid-configuration`, { dispatcher });
    const { issuer, jwks_uri: keys } = (await answer.json()) as { issuer: string; jwks_uri: string };
    const published = (await (await fetch(keys, { dispatcher })).json()) as JSONWebKeySet;
    const jwks = createLocalJWKSet(published);
    const { payload } = await jwtVerify(token, jwks, { issuer, audience: 'https://graph.microsoft.com' });
    expect(payload['roles']).toContain('Synchronization.ReadWrite.All');
    expect(payload['oid']).toMatch(/^[\da-f-]{36}$/);
  });

  it('gives a configured client its own roles', async () => {
    expect(decodeJwt((await credential('contoso', 'reader', 's3cret').getToken(scope)).token)['roles']).toEqual([
      'Directory.Read.All',
    ]);
  });

  it('refuses a wrong secret, an unknown client and another grant with the codes of Entra', async () => {
    const form = { grant_type: 'client_credentials', client_id: 'provisor', client_secret: 'wrong', scope };
    expect(await post(form)).toMatchObject({ status: 401, body: { error: 'invalid_client', error_codes: [7000215] } });
    expect(await post({ ...form, client_id: 'nobody' })).toMatchObject({
      status: 400,
      body: { error_codes: [700016] },
    });
    expect(await post({ ...form, grant_type: 'password' })).toMatchObject({
      status: 400,
      body: { error: 'unsupported_grant_type' },
    });
    await expect(credential('contoso', 'provisor', 'wrong').getToken(scope)).rejects.toThrow(/AADSTS7000215/);
  });

  it('lets nobody read Graph without a valid token, and accepts the agreed one', async () => {
    const none = await world.call('GET', '/users', undefined, { authorization: '' });
    expect(none).toMatchObject({ status: 401, body: { error: { code: 'InvalidAuthenticationToken' } } });
    const { token } = await credential('contoso').getToken(scope);
    const forged = await world.call('GET', '/users', undefined, {
      authorization: `Bearer ${token.slice(0, -8)}AAAAAAAA`,
    });
    expect(forged.status).toBe(401);
    expect((await world.call('GET', '/users', undefined, { authorization: `Bearer ${token}` })).status).toBe(200);
    expect((await world.call('GET', '/users', undefined, { authorization: `Bearer ${adminToken}` })).status).toBe(200);
  });
});

describe('microsoft-graph-client', () => {
  const client = (): Client =>
    Client.initWithMiddleware({
      authProvider: new TokenCredentialAuthenticationProvider(credential('contoso'), { scopes: [scope] }),
      baseUrl: world.mock.url,
      defaultVersion: 'v1.0',
      customHosts: new Set(['localhost']),
      fetchOptions: { dispatcher } as object,
    });

  it('walks users/delta over next links to a delta link', async () => {
    await world.faults({ pageSize: 25 });
    const first = (await client().api('/users/delta').get()) as PageCollection;
    const ids: string[] = [];
    const iterator = new PageIterator(client(), first, (user: Item) => ids.push(user.id) > 0);
    await iterator.iterate();
    await world.faults({ pageSize: null });
    expect(new Set(ids).size).toBe(60);
    expect(iterator.getDeltaLink()).toMatch(/^https:\/\/localhost:\d+\/v1\.0\/users\/delta\?\$deltatoken=/);
  });

  it('changes the tenant and reads the change back', async () => {
    const [user] = (await world.get('/users?$top=1')).value;
    await client()
      .api(`/users/${user?.id ?? ''}`)
      .patch({ department: 'Zoo' });
    expect(
      await client()
        .api(`/users/${user?.id ?? ''}`)
        .select('department')
        .get(),
    ).toMatchObject({ department: 'Zoo' });
  });
});
