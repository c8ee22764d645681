// Tokens of Provisor's own: made, listed, revoked; each act is in the audit log.
import { audit } from '../../cycle/use-cases/audit.ts';
import { notFound } from '../../cycle/use-cases/not-found.ts';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import type { AccessStore, AccessToken, Role } from '../../rules/model/access.ts';
import { ConfigError } from '../../rules/model/errors.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import { digestOf, newToken, prefixOf } from './credentials.ts';

export interface Asker {
  readonly actor: string;
  readonly ipAddress: string;
}
export interface WantedToken {
  readonly name: string;
  readonly role: Role;
  /** `null`: never. */
  readonly expiresAt: Date | null;
}

/** `secret` is known to nobody else and shown once. Throws ConfigError for an expiry that has passed. */
export async function createToken(
  deps: UseCaseDeps,
  store: AccessStore,
  { name, role, expiresAt }: WantedToken,
  asker: Asker,
): Promise<{ readonly token: AccessToken; readonly secret: string }> {
  const now = deps.clock.now();
  if (expiresAt !== null && expiresAt <= now)
    throw new ConfigError(
      'Request_BadRequest',
      'The token would have expired already. Give a later time.',
      'expiresAt',
    );
  const secret = newToken();
  const token = {
    id: deps.newId(),
    name,
    role,
    prefix: prefixOf(secret),
    createdAt: now,
    createdBy: asker.actor,
    expiresAt,
    lastUsedAt: null,
  };
  await store.addToken(token, digestOf(secret));
  await audit(deps, { ...asker, activity: 'Create access token', after: tokenShape(token) });
  return { token, secret };
}

/** Throws ConfigError when there is no such token. */
export async function revokeToken(deps: UseCaseDeps, store: AccessStore, id: string, asker: Asker): Promise<void> {
  const revoked = await store.removeToken(id);
  if (revoked === null) throw notFound('Access token', id, 'GET /api/tokens lists those that exist.');
  await audit(deps, { ...asker, activity: 'Revoke access token', before: tokenShape(revoked) });
}

export const tokenShape = ({ createdAt, expiresAt, lastUsedAt, ...token }: AccessToken): JsonObject => ({
  ...token,
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt?.toISOString() ?? null,
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
});
