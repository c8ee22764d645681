// Tokens that are tried: too many wrong ones from one address, or with one beginning, and no other is looked at for a while.
// A token that was right before goes on, so that nobody locks others out.
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../../rules/model/access.ts';
import { Problem } from '../http/problem.ts';
import { digestOf, isOwnToken, prefixOf } from './credentials.ts';
import { failureLimit } from './failure-limit.ts';
import type { Source } from './failure-limit.ts';
import type { TokenOwners } from './token-owners.ts';

export interface Attempts {
  /** `null` for a token that is not valid here. Throws a Problem of status 429 for what is not looked at. */
  ownerOf(request: FastifyRequest, token: string): Promise<Principal | null>;
  /** The same limit for another way to sign in. Throws a Problem of status 429. */
  attempt<T>(request: FastifyRequest, signIn: () => Promise<T>): Promise<T>;
}
export interface AttemptsOptions {
  readonly owners: TokenOwners;
  readonly now: () => Date;
  /** Failures of one address in a minute. */
  readonly mostFailures: number;
}

const MOST_OF_ONE_PREFIX = 10;
const MOST_REMEMBERED = 1_000;

export function countAttempts({ owners, now, mostFailures }: AttemptsOptions): Attempts {
  const limit = failureLimit(now);
  const accepted = new Set<string>();
  const sourcesOf = ({ ip }: FastifyRequest, token: string | null): readonly Source[] => [
    { name: `address ${ip}`, most: mostFailures },
    ...(token !== null && isOwnToken(token) ? [{ name: `token ${prefixOf(token)}`, most: MOST_OF_ONE_PREFIX }] : []),
  ];
  const remember = (digest: string): void => {
    const [oldest] = accepted;
    if (accepted.size >= MOST_REMEMBERED && oldest !== undefined) accepted.delete(oldest);
    accepted.add(digest);
  };
  return {
    async ownerOf(request, token) {
      const sources = sourcesOf(request, token);
      const digest = digestOf(token);
      if (!accepted.has(digest)) refuseWhileWaiting(limit.wait(sources));
      const owner = await owners.ownerOf(token);
      if (owner === null) {
        accepted.delete(digest);
        limit.failed(sources);
      } else remember(digest);
      return owner;
    },
    async attempt(request, signIn) {
      const sources = sourcesOf(request, null);
      refuseWhileWaiting(limit.wait(sources));
      return signIn().catch((error: unknown) => {
        if (error instanceof Problem && error.facts.status < 500) limit.failed(sources);
        throw error;
      });
    },
  };
}

function refuseWhileWaiting(seconds: number): void {
  if (seconds === 0) return;
  throw new Problem({
    status: 429,
    code: 'TooManyRequests',
    message: `Too many attempts to sign in failed. Check the token, and try again in ${String(seconds)} seconds.`,
    retryAfterSeconds: seconds,
  });
}
