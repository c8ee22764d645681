// Settings → a credential of @azure/identity. Throws ConfigError when settings contradict each other; asks for no token.
import {
  ClientCertificateCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  WorkloadIdentityCredential,
} from '@azure/identity';
import type { TokenCredential } from '@azure/identity';
import { ConfigError } from '../rules/model/errors.ts';

export interface DirectoryCredentialSettings {
  readonly tenantId: string;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly certificatePath?: string | undefined;
  readonly federatedTokenFile?: string | undefined;
  readonly authorityHost?: string | undefined;
  /** Certificates, in PEM, of the authority that signed the directory's own certificate. */
  readonly caPem?: string | undefined;
}

/** Authorities that @azure/identity knows; about any other host it would ask login.microsoftonline.com. */
const microsoftAuthorities: ReadonlySet<string> = new Set([
  'login.microsoftonline.com',
  'login.microsoftonline.us',
  'login.partner.microsoftonline.cn',
  'login.chinacloudapi.cn',
]);

interface CommonOptions {
  readonly disableInstanceDiscovery: boolean;
  readonly authorityHost?: string;
  readonly tlsOptions?: { readonly ca: string };
}

function commonOptions({ authorityHost, caPem }: DirectoryCredentialSettings): CommonOptions {
  if (authorityHost !== undefined && !(URL.canParse(authorityHost) && new URL(authorityHost).protocol === 'https:'))
    throw new ConfigError(
      'InvalidSetting',
      `"${authorityHost}" is not an https URL: AZURE_AUTHORITY_HOST must be one.`,
      'AZURE_AUTHORITY_HOST',
    );
  const foreign = authorityHost !== undefined && !microsoftAuthorities.has(new URL(authorityHost).hostname);
  return {
    disableInstanceDiscovery: foreign,
    ...(authorityHost === undefined ? {} : { authorityHost }),
    ...(caPem === undefined ? {} : { tlsOptions: { ca: caPem } }),
  };
}

function required(clientId: string | undefined, because: string): string {
  if (clientId !== undefined) return clientId;
  throw new ConfigError(
    'InvalidSetting',
    `AZURE_CLIENT_ID is missing although ${because} is set: set both.`,
    'AZURE_CLIENT_ID',
  );
}

/** The first of secret, certificate and federated token that is set; else the managed identity of the machine. */
export function directoryCredential(settings: DirectoryCredentialSettings): TokenCredential {
  const { tenantId, clientId, clientSecret, certificatePath, federatedTokenFile } = settings;
  if (!/^[0-9a-zA-Z.-]+$/.test(tenantId))
    throw new ConfigError(
      'InvalidSetting',
      `"${tenantId}" is not a tenant id: AZURE_TENANT_ID is a GUID or a domain name.`,
      'AZURE_TENANT_ID',
    );
  const options = commonOptions(settings);
  if (clientSecret !== undefined)
    return new ClientSecretCredential(tenantId, required(clientId, 'AZURE_CLIENT_SECRET'), clientSecret, options);
  if (certificatePath !== undefined)
    return new ClientCertificateCredential(
      tenantId,
      required(clientId, 'AZURE_CLIENT_CERTIFICATE_PATH'),
      certificatePath,
      options,
    );
  if (federatedTokenFile !== undefined) {
    const id = required(clientId, 'AZURE_FEDERATED_TOKEN_FILE');
    return new WorkloadIdentityCredential({ ...options, tenantId, clientId: id, tokenFilePath: federatedTokenFile });
  }
  return new DefaultAzureCredential({
    ...options,
    tenantId,
    ...(clientId === undefined ? {} : { managedIdentityClientId: clientId }),
  });
}
