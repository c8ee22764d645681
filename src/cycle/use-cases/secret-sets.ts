// What must fit together in a set of secrets: client credentials that are complete, a certificate with its own key.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { ConfigError } from '../../rules/model/errors.ts';

type Secrets = Readonly<Record<string, string>>;

/** Throws ConfigError that names the key; no value is ever shown. */
export function checkSecretSet(secrets: Secrets): void {
  checkClientCredentials(secrets);
  checkClientCertificate(secrets);
}

const clientCredentials = ['Oauth2ClientId', 'Oauth2ClientSecret', 'Oauth2TokenExchangeUri'] as const;

/** Incomplete ones are no fault beside a secret token: gallery applications keep parts of them for other flows. */
function checkClientCredentials(secrets: Secrets): void {
  if (secrets['SecretToken'] !== undefined || secrets['Oauth2ClientSecret'] === undefined) return;
  const missing = clientCredentials.find((key) => secrets[key] === undefined);
  if (missing === undefined) return;
  throw invalid(
    missing,
    `OAuth 2 client credentials need ${clientCredentials.join(', ')}; ${missing} is not there. Send it along, or send a SecretToken.`,
  );
}

function checkClientCertificate(secrets: Secrets): void {
  const { TlsClientCertificate: certificate, TlsClientKey: key, TlsClientKeyPassphrase: passphrase } = secrets;
  if (certificate === undefined && key === undefined) return;
  if (certificate === undefined)
    throw invalid('TlsClientCertificate', 'The certificate that TlsClientKey belongs to is missing.');
  if (key === undefined) throw invalid('TlsClientKey', 'The private key of TlsClientCertificate is missing.');
  if (!new X509Certificate(certificate).checkPrivateKey(privateKey(key, passphrase)))
    throw invalid('TlsClientKey', 'The key is not the private key of TlsClientCertificate.');
}

function privateKey(key: string, passphrase: string | undefined) {
  try {
    return createPrivateKey(passphrase === undefined ? key : { key, passphrase });
  } catch {
    if (!key.includes('ENCRYPTED'))
      throw invalid('TlsClientKey', 'This is no private key in PEM that can be read. Paste it from BEGIN to END.');
    throw invalid(
      'TlsClientKeyPassphrase',
      passphrase === undefined
        ? 'TlsClientKey is encrypted: send its passphrase as TlsClientKeyPassphrase.'
        : 'The passphrase does not open TlsClientKey.',
    );
  }
}

const invalid = (key: string, message: string): ConfigError =>
  new ConfigError('InvalidSecret', `${key}: ${message}`, key);
