// Sessions of browsers: a random cookie that is new with every sign-in, two expiries, and a token against forged writes.
import { timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessStore, Principal, Session } from '../../rules/model/access.ts';
import { dropCookie, readCookie, writeCookie } from './cookies.ts';
import { digestOf, newSecret } from './credentials.ts';
import { NOTED_EVERY_MS } from './token-owners.ts';
import type { TokenOwners } from './token-owners.ts';

export interface ActiveSession extends Principal {
  /** Goes into the header `x-csrf-token` of everything that is not a read. */
  readonly csrfToken: string;
  readonly expiresAt: Date;
}
export interface Sessions {
  /** Ends what the browser had before: no session outlives a sign-in. */
  begin(request: FastifyRequest, reply: FastifyReply, who: SignedIn): Promise<ActiveSession>;
  /** `null` without a session, or with one that has ended. */
  current(request: FastifyRequest): Promise<ActiveSession | null>;
  end(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}
export type SignedIn = Principal & Pick<Session, 'tokenDigest'>;
export interface SessionsOptions {
  readonly store: AccessStore;
  readonly owners: TokenOwners;
  readonly now: () => Date;
  /** Without a request for so long it ends. */
  readonly idleSeconds: number;
  /** It ends whatever is done. */
  readonly longestSeconds: number;
}

const COOKIE = 'provisor-session';

export function openSessions({ store, owners, now, idleSeconds, longestSeconds }: SessionsOptions): Sessions {
  const forget = async (request: FastifyRequest): Promise<void> => {
    const secret = readCookie(request, COOKIE);
    if (secret !== null) await store.removeSession(digestOf(secret));
  };
  const isOver = ({ expiresAt, usedAt }: Session): boolean =>
    expiresAt <= now() || now().getTime() - usedAt.getTime() > idleSeconds * 1_000;
  /** Whoever a token let in has the role of that token at this moment. */
  const principalOf = async (session: Session): Promise<Principal | null> =>
    session.tokenDigest === null ? session : owners.ownerByDigest(session.tokenDigest);
  return {
    async begin(request, reply, { subject, role, tokenDigest }) {
      await forget(request);
      const secret = newSecret();
      const expiresAt = new Date(now().getTime() + longestSeconds * 1_000);
      await store.addSession({ digest: digestOf(secret), subject, role, tokenDigest, usedAt: now(), expiresAt });
      writeCookie(request, reply, COOKIE, { value: secret, seconds: longestSeconds });
      return { subject, role, csrfToken: csrfTokenOf(secret), expiresAt };
    },
    async current(request) {
      const secret = readCookie(request, COOKIE);
      const session = secret === null ? null : await store.sessionBy(digestOf(secret));
      if (secret === null || session === null) return null;
      const principal = isOver(session) ? null : await principalOf(session);
      if (principal === null) {
        await store.removeSession(session.digest);
        return null;
      }
      if (now().getTime() - session.usedAt.getTime() >= NOTED_EVERY_MS) await store.sessionUsed(session.digest, now());
      const { subject, role } = principal;
      return { subject, role, csrfToken: csrfTokenOf(secret), expiresAt: session.expiresAt };
    },
    async end(request, reply) {
      await forget(request);
      dropCookie(request, reply, COOKIE);
    },
  };
}

/** Follows from the cookie, which other sites can neither read nor guess. */
const csrfTokenOf = (secret: string): string => digestOf(`csrf ${secret}`);

export function carriesCsrfToken(request: FastifyRequest, { csrfToken }: ActiveSession): boolean {
  const given = request.headers['x-csrf-token'];
  return typeof given === 'string' && timingSafeEqual(Buffer.from(digestOf(given)), Buffer.from(digestOf(csrfToken)));
}
