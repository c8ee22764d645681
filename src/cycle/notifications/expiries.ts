// What is known to expire: certificates, and tokens that say so themselves. A client secret says nothing.
import { X509Certificate } from 'node:crypto';

export interface Expiry {
  /** As a person would name it. */
  readonly which: string;
  readonly at: Date;
}

type Secrets = Readonly<Record<string, string>>;

export function expiriesOf(secrets: Secrets): readonly Expiry[] {
  const { SecretToken: token, TlsClientCertificate: certificate, TokenExpiration: stated } = secrets;
  return [
    ...expiry('The secret token', token === undefined ? null : expiryOfToken(token)),
    ...expiry('The access token', stated === undefined ? null : statedDate(stated)),
    ...expiry('The client certificate', certificate === undefined ? null : expiryOfCertificate(certificate)),
  ];
}

const expiry = (which: string, at: Date | null): readonly Expiry[] => (at === null ? [] : [{ which, at }]);

/** Of the first certificate in the text, which is the own one of a chain. `null` when there is none. */
export function expiryOfCertificate(pem: string): Date | null {
  try {
    return dateOf(new X509Certificate(pem).validTo);
  } catch {
    return null;
  }
}

/** `exp` of a JSON Web Token (RFC 7519), read without believing it; `null` when the token is none. */
export function expiryOfToken(token: string): Date | null {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return null;
  try {
    const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { readonly exp?: unknown };
    return typeof exp === 'number' ? dateOf(exp * 1_000) : null;
  } catch {
    return null;
  }
}

const statedDate = (text: string): Date | null => (/^\d{4}-\d{2}-\d{2}/.test(text) ? dateOf(text) : null);

function dateOf(value: string | number): Date | null {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date;
}
