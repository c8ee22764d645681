// Everything that decides who is let in, put together.
import type { AccessStore } from '../../rules/model/access.ts';
import { countAttempts } from './attempts.ts';
import type { Attempts } from './attempts.ts';
import { openIdProvider } from './open-id.ts';
import type { OpenIdOptions, OpenIdProvider } from './open-id.ts';
import { openSessions } from './sessions.ts';
import type { Sessions } from './sessions.ts';
import { tokenOwners } from './token-owners.ts';
import type { TokenOwners, VerifiedToken } from './token-owners.ts';

export interface Access {
  readonly store: AccessStore;
  readonly owners: TokenOwners;
  readonly sessions: Sessions;
  readonly attempts: Attempts;
  /** Where people sign in; `null` when none is set. */
  readonly openId: OpenIdProvider | null;
}
export interface AccessOptions {
  /** Bearer token of role admin; kept as a hash only. */
  readonly adminToken: string;
  readonly store: AccessStore;
  /** Checks a token of the directory's authority; `null` when it is not valid here. */
  readonly verifyToken?: (token: string) => Promise<VerifiedToken | null>;
  readonly openId?: OpenIdOptions;
  readonly rules?: Partial<AccessRules>;
}
export interface AccessRules {
  /** Of one address in a minute. */
  readonly mostFailures: number;
  readonly idleSeconds: number;
  readonly longestSeconds: number;
}

const defaults: AccessRules = { mostFailures: 50, idleSeconds: 3_600, longestSeconds: 43_200 };

export function openAccess(options: AccessOptions, now: () => Date): Access {
  const { store, adminToken, verifyToken, openId } = options;
  const rules = { ...defaults, ...options.rules };
  const owners = tokenOwners({ adminToken, store, verifyToken, now });
  return {
    store,
    owners,
    sessions: openSessions({ store, owners, now, ...rules }),
    attempts: countAttempts({ owners, now, mostFailures: rules.mostFailures }),
    openId: openId === undefined ? null : openIdProvider(openId),
  };
}
