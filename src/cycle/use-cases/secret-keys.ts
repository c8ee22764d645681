// Graph's synchronizationSecret keys: which may be shown, and which values are checked when they are saved.
import { ConfigError } from '../../rules/model/errors.ts';

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
  'Oauth2ClientId',
  'Oauth2RedirectUri',
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

/** Throws ConfigError that names the key and never shows a secret value. */
export function checkSecret(key: string, value: string, checkTenantUrl: (url: string) => string | null): void {
  const wrong = complaintAbout(key, value, checkTenantUrl);
  if (wrong !== null) throw new ConfigError('InvalidSecret', `${key}: ${wrong}`, key);
}

function complaintAbout(key: string, value: string, checkTenantUrl: (url: string) => string | null): string | null {
  if (key === 'None' || key === '') return 'this is no key of a secret.';
  if (key === 'BaseAddress') return checkTenantUrl(value);
  if (booleans.has(key) && !/^(true|false)$/i.test(value)) return "must be 'true' or 'false'.";
  if (key === 'SecretToken' && !/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value))
    return 'contains characters that a request header cannot carry (line break, blank at an end, or not ASCII). Paste the token alone.';
  if (key === 'SyncNotificationSettings' && !isJsonObject(value))
    return 'must be a JSON object, such as {"Enabled":false}.';
  return null;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
