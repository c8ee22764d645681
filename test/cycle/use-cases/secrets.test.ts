import { beforeEach, describe, expect, it } from 'vitest';
import { createJob } from '../../../src/cycle/use-cases/jobs.ts';
import { putSecrets, readSecrets } from '../../../src/cycle/use-cases/secrets.ts';
import { validateCredentials } from '../../../src/cycle/use-cases/validate-credentials.ts';
import { clientIdentity } from '../../support/client-identity.ts';
import type { TargetConnection } from '../../../src/rules/model/target.ts';
import { cycleOf, fakeWorld, SP } from '../../support/fake-deps.ts';
import type { FakeWorld } from '../../support/fake-deps.ts';

const actor = 'somebody';
const url = 'https://app.example/scim';
let world: FakeWorld;
beforeEach(() => void (world = fakeWorld()));
const put = (secrets: Readonly<Record<string, string>>): Promise<void> =>
  putSecrets(
    world.deps,
    SP.id,
    Object.entries(secrets).map(([key, value]) => ({ key, value })),
    actor,
  );

describe('saving credentials', () => {
  it('replaces the set, drops empty values, and shows secret values as *', async () => {
    await put({ BaseAddress: url, SecretToken: 'hush', SyncAll: 'true' });
    await put({ BaseAddress: url, SecretToken: 'hush', SyncAll: '', Something: 'new' });
    expect(await readSecrets(world.deps, SP.id)).toEqual([
      { key: 'BaseAddress', value: url },
      { key: 'SecretToken', value: '*' },
      { key: 'Something', value: '*' },
    ]);
  });

  it('keeps what is stored when * comes back, and refuses * when nothing is stored', async () => {
    await put({ BaseAddress: url, SecretToken: 'hush' });
    await put({ BaseAddress: url, SecretToken: '*' });
    expect(world.secrets.get(SP.id)).toEqual({ BaseAddress: url, SecretToken: 'hush' });
    await expect(put({ ClientSecret: '*' })).rejects.toMatchObject({ target: 'ClientSecret' });
  });

  it.each([
    [{ BaseAddress: 'not a url' }, 'BaseAddress'],
    [{ SyncAll: 'yes' }, 'SyncAll'],
    [{ SecretToken: 'two\nlines' }, 'SecretToken'],
    [{ SyncNotificationSettings: '[]' }, 'SyncNotificationSettings'],
    [{ Oauth2ClientId: 'c', Oauth2ClientSecret: 's' }, 'Oauth2TokenExchangeUri'],
    [{ Oauth2ClientSecret: 's', Oauth2TokenExchangeUri: url }, 'Oauth2ClientId'],
    [{ Oauth2TokenExchangeUri: 'nowhere' }, 'Oauth2TokenExchangeUri'],
    [{ Oauth2ClientAuthentication: 'cookie' }, 'Oauth2ClientAuthentication'],
    [{ TlsCaCertificates: 'not a certificate' }, 'TlsCaCertificates'],
    [{ TlsCaCertificates: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }, 'TlsCaCertificates'],
    [{ TlsClientCertificate: '-----BEGIN CERTIFICATE-----\nAAAA' }, 'TlsClientCertificate'],
    [{ TlsClientKey: 'a key' }, 'TlsClientCertificate'],
  ])('refuses %j, names the key and changes nothing', async (wrong, target) => {
    await put({ BaseAddress: url, SecretToken: 'hush' });
    await expect(put(wrong)).rejects.toMatchObject({ code: 'InvalidSecret', target });
    expect(world.secrets.get(SP.id)).toEqual({ BaseAddress: url, SecretToken: 'hush' });
  });

  it('takes a client certificate with its key, and refuses it with another, with none, or with one it cannot open', async () => {
    const [ours, theirs] = [await clientIdentity(), await clientIdentity('a passphrase')];
    const { certificate: TlsClientCertificate, key: TlsClientKey } = ours;
    await put({ BaseAddress: url, TlsClientCertificate, TlsClientKey, TlsCaCertificates: TlsClientCertificate });
    expect(await readSecrets(world.deps, SP.id)).toContainEqual({ key: 'TlsClientKey', value: '*' });
    await expect(put({ TlsClientCertificate })).rejects.toMatchObject({ target: 'TlsClientKey' });
    await expect(put({ TlsClientCertificate, TlsClientKey: 'none' })).rejects.toMatchObject({ target: 'TlsClientKey' });
    const locked = { TlsClientCertificate: theirs.certificate, TlsClientKey: theirs.key };
    await expect(put(locked)).rejects.toMatchObject({ target: 'TlsClientKeyPassphrase' });
    await expect(put({ ...locked, TlsClientKeyPassphrase: 'wrong' })).rejects.toMatchObject({
      target: 'TlsClientKeyPassphrase',
    });
    await put({ ...locked, TlsClientKeyPassphrase: 'a passphrase' });
    const mixed = { TlsClientCertificate, TlsClientKey: theirs.key, TlsClientKeyPassphrase: 'a passphrase' };
    await expect(put(mixed)).rejects.toMatchObject({ target: 'TlsClientKey' });
  });

  it('invariant 11: no secret reaches the audit log or an error', async () => {
    await put({ BaseAddress: url, SecretToken: 'canary-token' });
    const refused = put({ SecretToken: 'canary\ntoken' });
    await expect(refused).rejects.not.toThrow(/canary/);
    expect(JSON.stringify(world.audits)).not.toContain('canary');
  });

  it('evaluates every object again when the scope changes', async () => {
    const { id } = await createJob(world.deps, { servicePrincipalId: SP.id, templateId: 'scim', actor });
    await world.deps.jobs.update(id, { watermark: 42 });
    await put({ BaseAddress: url, SyncAll: 'false' });
    expect(world.jobs.get(id)?.watermark).toBe(42);
    world.cycles.push(cycleOf(id, { state: 'running' }));
    await put({ BaseAddress: url, SyncAll: 'True' });
    expect(world.jobs.get(id)?.watermark).toBeNull();
    expect(world.cycles[0]?.state).toBe('stopped');
  });

  it('evaluates every object again when those who left scope are no longer spared', async () => {
    const { id } = await createJob(world.deps, { servicePrincipalId: SP.id, templateId: 'scim', actor });
    await world.deps.jobs.update(id, { watermark: 42 });
    await put({ BaseAddress: url, SkipOutOfScopeDeletions: 'true' });
    await put({ BaseAddress: url, SkipOutOfScopeDeletions: 'True' });
    expect(world.jobs.get(id)?.watermark).toBe(42);
    await put({ BaseAddress: url });
    expect(world.jobs.get(id)?.watermark).toBeNull();
  });
});

describe('the connection test', () => {
  const ask = { servicePrincipalId: SP.id, credentials: [], useSavedCredentials: false };

  it('uses saved credentials when none are given, and the matching attribute of the job', async () => {
    await put({ BaseAddress: url, SecretToken: 'hush' });
    const job = await createJob(world.deps, { servicePrincipalId: SP.id, templateId: 'scim', actor });
    await validateCredentials(world.deps, { ...ask, jobId: job.id });
    expect(world.tested).toEqual([`${url} hush userName`]);
  });

  it('signs in with client credentials and a client certificate where they are given', async () => {
    const { certificate, key } = await clientIdentity();
    const opened: TargetConnection[] = [];
    const { targets } = world.deps;
    const deps = {
      ...world.deps,
      targets: {
        open: (...given: Parameters<typeof targets.open>) => {
          opened.push(given[0]);
          return targets.open(...given);
        },
      },
    };
    const credentials = Object.entries({
      BaseAddress: url,
      Oauth2ClientId: 'c',
      Oauth2ClientSecret: 's',
      Oauth2TokenExchangeUri: 'https://id.example/token',
      Oauth2Scope: 'scim',
      Oauth2ClientAuthentication: 'Body',
      TlsClientCertificate: certificate,
      TlsClientKey: key,
    }).map(([name, value]) => ({ key: name, value }));
    await validateCredentials(deps, { ...ask, credentials });
    const tokenEndpoint = 'https://id.example/token';
    expect(opened).toMatchObject([
      {
        token: null,
        oauth: { tokenEndpoint, clientId: 'c', clientSecret: 's', scope: 'scim', sentIn: 'body' },
        tls: { certificate, key, passphrase: null, authorities: null },
      },
    ]);
  });

  it('tests given credentials without saving them; * stands for the saved token', async () => {
    await put({ BaseAddress: url, SecretToken: 'hush' });
    const credentials = [
      { key: 'BaseAddress', value: 'https://other.example' },
      { key: 'SecretToken', value: '*' },
    ];
    await validateCredentials(world.deps, { ...ask, credentials });
    expect(world.tested).toEqual(['https://other.example hush userName']);
    expect(world.secrets.get(SP.id)?.['BaseAddress']).toBe(url);
  });

  it('asks nobody without a tenant URL, or with one that may not be used', async () => {
    await expect(validateCredentials(world.deps, ask)).rejects.toMatchObject({ code: 'CredentialsMissing' });
    const credentials = [{ key: 'BaseAddress', value: 'nonsense' }];
    await expect(validateCredentials(world.deps, { ...ask, credentials })).rejects.toMatchObject({
      target: 'BaseAddress',
    });
    expect(world.tested).toEqual([]);
  });
});
