// The connection to a target that a set of secrets stands for (docs/decisions/0019): Graph's keys, and our own for TLS.
import type { ClientCredentials, TargetConnection, TlsIdentity } from '../rules/model/target.ts';

type Secrets = Readonly<Record<string, string>>;

/** `null` without a tenant URL. Complete OAuth 2 client credentials take the place of the secret token. */
export function connectionOf(secrets: Secrets): TargetConnection | null {
  const { BaseAddress: baseAddress, SecretToken: token } = secrets;
  if (baseAddress === undefined || baseAddress === '') return null;
  return { baseAddress, token: token ?? null, oauth: oauthOf(secrets), tls: tlsOf(secrets) };
}

function oauthOf(secrets: Secrets): ClientCredentials | null {
  const { Oauth2ClientId: clientId, Oauth2ClientSecret: clientSecret, Oauth2TokenExchangeUri: tokenEndpoint } = secrets;
  if (clientId === undefined || clientSecret === undefined || tokenEndpoint === undefined) return null;
  const { Oauth2Scope: scope, Oauth2ClientAuthentication: sentIn } = secrets;
  return { tokenEndpoint, clientId, clientSecret, scope: scope ?? null, sentIn: sentInOf(sentIn) };
}

function sentInOf(text: string | undefined): ClientCredentials['sentIn'] {
  const form = text?.toLowerCase();
  return form === 'header' || form === 'body' ? form : null;
}

function tlsOf(secrets: Secrets): TlsIdentity | null {
  const tls = {
    certificate: secrets['TlsClientCertificate'] ?? null,
    key: secrets['TlsClientKey'] ?? null,
    passphrase: secrets['TlsClientKeyPassphrase'] ?? null,
    authorities: secrets['TlsCaCertificates'] ?? null,
  };
  return Object.values(tls).every((each) => each === null) ? null : tls;
}
