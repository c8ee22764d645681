// Whose a bearer token is: the admin token, one of Provisor's own, or one of the directory's authority.
import { timingSafeEqual } from 'node:crypto';
import type { AccessStore, AccessToken, Principal, Role } from '../../rules/model/access.ts';
import { highest } from '../../rules/model/access.ts';
import { digestOf } from './credentials.ts';

export interface TokenOwners {
  /** `null` for a token that is not valid here. */
  ownerOf(token: string): Promise<Principal | null>;
  /** The same by the digest of an admin token or one of our own. */
  ownerByDigest(digest: string): Promise<Principal | null>;
}
/** A token that somebody else vouches for. */
export interface VerifiedToken {
  readonly subject: string;
  readonly roles: readonly Role[];
}
export interface TokenOwnersOptions {
  readonly adminToken: string;
  readonly store: AccessStore;
  readonly verifyToken: ((token: string) => Promise<VerifiedToken | null>) | undefined;
  readonly now: () => Date;
}

/** Times of use are noted to the minute, so that a busy script does not write with every request. */
export const NOTED_EVERY_MS = 60_000;

export function tokenOwners({ adminToken, store, verifyToken, now }: TokenOwnersOptions): TokenOwners {
  const admin = Buffer.from(digestOf(adminToken));
  const ownerByDigest = async (digest: string): Promise<Principal | null> => {
    if (timingSafeEqual(Buffer.from(digest), admin)) return { subject: 'admin token', role: 'admin' };
    const token = await store.tokenBy(digest);
    if (token === null || hasExpired(token, now())) return null;
    if (now().getTime() - (token.lastUsedAt?.getTime() ?? 0) >= NOTED_EVERY_MS) await store.tokenUsed(token.id, now());
    return { subject: `token ${token.name}`, role: token.role };
  };
  return {
    ownerByDigest,
    async ownerOf(token) {
      const owner = await ownerByDigest(digestOf(token));
      if (owner !== null) return owner;
      const verified = (await verifyToken?.(token)) ?? null;
      const role = verified === null ? null : highest(verified.roles);
      return verified === null || role === null ? null : { subject: verified.subject, role };
    },
  };
}

export const hasExpired = ({ expiresAt }: Pick<AccessToken, 'expiresAt'>, now: Date): boolean =>
  expiresAt !== null && expiresAt <= now;
