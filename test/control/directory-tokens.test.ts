// Tokens of the directory's authority, as @azure/identity fetches them from the mock.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClientSecretCredential } from '@azure/identity';
import { SignJWT, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryTokens } from '../../src/control/directory-tokens.ts';
import { ownCa } from '../../src/control/own-ca.ts';
import { startMockEntra } from '../../src/simulators/mock-entra/start.ts';
import type { MockEntra } from '../../src/simulators/mock-entra/start.ts';

describe('tokens of the directory', () => {
  let folder: string;
  let mock: MockEntra;
  let caPem: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'provisor-tokens-'));
    const tls = await ownCa(folder);
    caPem = tls.caPem;
    mock = await startMockEntra({ port: 0, users: 5, groups: 1, seed: 1, dataDir: join(folder, 'mock'), tls });
  });
  afterAll(async () => {
    await mock.close();
    await rm(folder, { recursive: true, force: true });
  });

  const authority = () => ({ authorityHost: mock.url, tenantId: mock.tenantId, audiences: null, caPem });
  const token = async (): Promise<string> => {
    const options = { authorityHost: mock.url, disableInstanceDiscovery: true, tlsOptions: { ca: caPem } };
    const credential = new ClientSecretCredential(mock.tenantId, 'provisor', 'provisor', options);
    return (await credential.getToken('https://graph.microsoft.com/.default')).token;
  };

  it('gives the roles of a token that the directory signed', async () => {
    const verified = await directoryTokens(authority())(await token());
    expect(verified?.subject).toBe('provisor');
    expect(verified?.roles).toContain('admin');
  });

  it('refuses a token that somebody else signed, and one that was changed', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const forged = await new SignJWT({ roles: ['Synchronization.ReadWrite.All'] })
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(`${mock.url}/${mock.tenantId}/v2.0`)
      .setExpirationTime('1h')
      .sign(privateKey);
    const verify = directoryTokens(authority());
    expect(await verify(forged)).toBeNull();
    const [header, payload, signature] = (await token()).split('.');
    const raised = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()), appid: 'else' }),
    );
    expect(await verify([header, raised.toString('base64url'), signature].join('.'))).toBeNull();
    expect(await verify('not-a-token')).toBeNull();
  });

  it('refuses a token for another audience where one is demanded', async () => {
    const verify = directoryTokens({ ...authority(), audiences: ['api://provisor'] });
    expect(await verify(await token())).toBeNull();
  });
});
