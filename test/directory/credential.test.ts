import {
  ClientCertificateCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  WorkloadIdentityCredential,
} from '@azure/identity';
import { describe, expect, it } from 'vitest';
import { directoryCredential } from '../../src/directory/credential.ts';
import { ConfigError } from '../../src/rules/model/errors.ts';

const base = { tenantId: 'tenant.example', clientId: 'app' };

describe('the credential of the directory', () => {
  it('is a secret before a certificate before a federated token before the managed identity', () => {
    const federated = { ...base, federatedTokenFile: '/token' };
    const certificate = { ...federated, certificatePath: '/cert.pem' };
    expect(directoryCredential({ ...certificate, clientSecret: 's' })).toBeInstanceOf(ClientSecretCredential);
    expect(directoryCredential(certificate)).toBeInstanceOf(ClientCertificateCredential);
    expect(directoryCredential(federated)).toBeInstanceOf(WorkloadIdentityCredential);
    expect(directoryCredential(base)).toBeInstanceOf(DefaultAzureCredential);
    expect(directoryCredential({ tenantId: 'tenant.example' })).toBeInstanceOf(DefaultAzureCredential);
  });

  it.each([
    [{ tenantId: 'two words', clientId: 'app', clientSecret: 'hush' }, 'AZURE_TENANT_ID'],
    [{ tenantId: 'tenant.example', clientSecret: 'hush' }, 'AZURE_CLIENT_ID'],
    [{ tenantId: 'tenant.example', certificatePath: '/c.pem' }, 'AZURE_CLIENT_ID'],
    [{ tenantId: 'tenant.example', federatedTokenFile: '/t' }, 'AZURE_CLIENT_ID'],
    [{ ...base, clientSecret: 'hush', authorityHost: 'http://login.example' }, 'AZURE_AUTHORITY_HOST'],
    [{ ...base, clientSecret: 'hush', authorityHost: 'login.example' }, 'AZURE_AUTHORITY_HOST'],
  ])('refuses %j and names %s, never the secret', (settings, target) => {
    const attempt = (): unknown => directoryCredential(settings);
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(target);
    expect(attempt).not.toThrow('hush');
  });
});
