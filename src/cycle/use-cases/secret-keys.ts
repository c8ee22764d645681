// Keys of secrets, Graph's and our own (docs/decisions/0019): which may be shown, and which values are checked when saved.
import { X509Certificate } from 'node:crypto';
import { ConfigError } from '../../rules/model/errors.ts';
import { notificationSettingsProblem } from '../../rules/notifications/mail-addresses.ts';

/** Stands for a value that is never shown. */
export const MASK = '*';

/** Shown as they are; every other key, known or not, is a secret. */
const visible: ReadonlySet<string> = new Set([
  'ApplicationTemplateIdentifier',
  'AuthenticationType',
  'BaseAddress',
  'ClientIdentifier',
  'CompanyId',
  'Domain',
  'EnforceDomain',
  'HardDeletesEnabled',
  'InstanceName',
  'Oauth2AuthorizationUri',
  'Oauth2ClientAuthentication',
  'Oauth2ClientId',
  'Oauth2RedirectUri',
  'Oauth2Scope',
  'Oauth2TokenExchangeUri',
  'PerformInboundEntitlementGrants',
  'Sandbox',
  'SandboxName',
  'Server',
  'SingleSignOnType',
  'SkipOutOfScopeDeletions',
  'SyncAgentADContainer',
  'SyncAll',
  'SyncNotificationSettings',
  'SynchronizationSchedule',
  'SystemOfRecord',
  'TestReferences',
  'TlsCaCertificates',
  'TlsClientCertificate',
  'UpdateKeyOnSoftDelete',
  'Url',
  'UserName',
  'ValidateDomain',
]);
/** Secrets, in Graph's casing. */
const hidden = [
  'AppKey',
  'ClientSecret',
  'ConnectionString',
  'ConsumerKey',
  'ConsumerSecret',
  'Oauth2AccessToken',
  'Oauth2AccessTokenCreationTime',
  'Oauth2AuthorizationCode',
  'Oauth2ClientSecret',
  'Oauth2RefreshToken',
  'Password',
  'SecretToken',
  'SyncAgentCompatibilityKey',
  'TlsClientKey',
  'TlsClientKeyPassphrase',
  'TokenExpiration',
  'TokenKey',
] as const;
const casing: ReadonlyMap<string, string> = new Map(
  [...visible, ...hidden, 'None'].map((key) => [key.toLowerCase(), key]),
);

/** Templates name their fields in lower case (`secrettoken`), and clients send what templates name: Graph's own casing. */
export const canonicalKey = (key: string): string => casing.get(key.toLowerCase()) ?? key;

const booleans: ReadonlySet<string> = new Set(['HardDeletesEnabled', 'SkipOutOfScopeDeletions', 'SyncAll']);

export const isVisible = (key: string): boolean => visible.has(key);

const certificates: ReadonlySet<string> = new Set(['TlsCaCertificates', 'TlsClientCertificate']);

/** `null`, or the sentence that says why the URL cannot be used. `what` names it there. */
export type CheckUrl = (url: string, what?: string) => string | null;

/** Throws ConfigError that names the key and never shows a secret value. */
export function checkSecret(key: string, value: string, checkUrl: CheckUrl): void {
  const wrong = complaintAbout(key, value, checkUrl);
  if (wrong !== null) throw new ConfigError('InvalidSecret', `${key}: ${wrong}`, key);
}

function complaintAbout(key: string, value: string, checkUrl: CheckUrl): string | null {
  if (key === 'None' || key === '') return 'this is no key of a secret.';
  if (key === 'BaseAddress') return checkUrl(value);
  if (key === 'Oauth2TokenExchangeUri') return checkUrl(value, 'token endpoint');
  if (key === 'Oauth2ClientAuthentication' && !/^(header|body)$/i.test(value)) return "must be 'Header' or 'Body'.";
  if (certificates.has(key)) return complaintAboutPem(value);
  if (booleans.has(key) && !/^(true|false)$/i.test(value)) return "must be 'true' or 'false'.";
  if (key === 'SecretToken' && !/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value))
    return 'contains characters that a request header cannot carry (line break, blank at an end, or not ASCII). Paste the token alone.';
  if (key === 'SyncNotificationSettings') return notificationSettingsProblem(value);
  return null;
}

/** One certificate in PEM, or several one after the other. */
function complaintAboutPem(text: string): string | null {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  const rest = blocks.reduce((left, block) => left.replace(block, ''), text);
  if (blocks.length === 0 || /-----(?:BEGIN|END) CERTIFICATE/.test(rest))
    return 'this is no certificate in PEM. Paste it whole, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.';
  if (rest.includes('PRIVATE KEY')) return 'a private key does not belong here. Send it as TlsClientKey.';
  const broken = blocks.findIndex((block) => !isCertificate(block));
  return broken < 0 ? null : `certificate ${String(broken + 1)} of ${String(blocks.length)} cannot be read.`;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
