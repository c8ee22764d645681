// Tokens of the directory's own authority: a script that has one for Microsoft Graph's API drives Provisor the same way.
// Checked against the authority's published keys; the app roles of the token decide what it may do.
import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import { Agent, fetch } from 'undici';
import type { VerifiedToken } from './access/token-owners.ts';
import type { Role } from '../rules/model/access.ts';

export const PUBLIC_AUTHORITY = 'https://login.microsoftonline.com';

export interface DirectoryAuthority {
  /** `PUBLIC_AUTHORITY` when absent. */
  readonly authorityHost: string | undefined;
  readonly tenantId: string;
  /** Audiences that mean Provisor; `null` accepts any, as the mock does. */
  readonly audiences: readonly string[] | null;
  /** Trusted besides the system's certificates. */
  readonly caPem: string | undefined;
}

/** App roles, of Provisor's own registration and of Graph's synchronization API. */
const roleOf: Readonly<Record<string, Role>> = {
  'Provisor.Admin': 'admin',
  'Provisor.Operator': 'operator',
  'Provisor.Reader': 'reader',
  'Synchronization.ReadWrite.All': 'admin',
  'Synchronization.Read.All': 'reader',
  'AuditLog.Read.All': 'reader',
};

/** Answers `null` for every token that is not valid here, whatever the reason. */
export function directoryTokens(authority: DirectoryAuthority): (token: string) => Promise<VerifiedToken | null> {
  const dispatcher = authority.caPem === undefined ? undefined : new Agent({ connect: { ca: authority.caPem } });
  const get = (url: string, init?: object) =>
    fetch(url, { ...init, ...(dispatcher === undefined ? {} : { dispatcher }) });
  let keys: Promise<AuthorityKeys> | null = null;
  return async (token) => {
    if (token.split('.').length !== 3) return null;
    try {
      keys ??= authorityKeys(authority, get);
      const { issuer, jwks } = await keys;
      const audience = authority.audiences === null ? {} : { audience: [...authority.audiences] };
      const { payload } = await jwtVerify(token, jwks, { issuer, ...audience });
      return verified(payload);
    } catch {
      // Refused, or the authority could not be asked: asked again with the next token.
      keys = null;
      return null;
    }
  };
}

interface AuthorityKeys {
  readonly issuer: string;
  readonly jwks: ReturnType<typeof createRemoteJWKSet>;
}
type Get = (url: string, init?: object) => ReturnType<typeof fetch>;

async function authorityKeys({ authorityHost, tenantId }: DirectoryAuthority, get: Get): Promise<AuthorityKeys> {
  const host = (authorityHost ?? PUBLIC_AUTHORITY).replace(/\/+$/, '');
  const answer = await get(`${host}/${tenantId}/v2.0/.well-known/openid-configuration`);
  const { issuer, jwks_uri: keysUrl } = (await answer.json()) as { issuer: string; jwks_uri: string };
  const jwks = createRemoteJWKSet(new URL(keysUrl), {
    [customFetch]: async (url, init) => {
      const keys = await get(url, init);
      return new Response(await keys.arrayBuffer(), { status: keys.status });
    },
  });
  return { issuer, jwks };
}

function verified({ sub, oid, appid, azp, roles }: JWTPayload): VerifiedToken | null {
  const granted = Array.isArray(roles) ? roles.flatMap((name: unknown) => roleOf[String(name)] ?? []) : [];
  if (granted.length === 0) return null;
  const subject = [azp, appid, oid, sub].find((claim) => typeof claim === 'string');
  return { subject: typeof subject === 'string' ? subject : 'unknown', roles: granted };
}
