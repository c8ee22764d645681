// Sign-in of people at an OpenID provider: code flow with PKCE, state and nonce. All three follow from one random text
// that the browser keeps in a cookie, so that only the browser that began can finish.
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
} from 'openid-client';
import type { Configuration, IDToken } from 'openid-client';
import { Agent, fetch } from 'undici';
import { highest } from '../../rules/model/access.ts';
import type { Principal, Role } from '../../rules/model/access.ts';
import { Problem } from '../http/problem.ts';
import { digestOf, newSecret } from './credentials.ts';

export interface OpenIdOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** App role in the claim `roles` → role here. */
  readonly roles: Readonly<Record<string, Role>>;
  /** Trusted besides the system's certificates. */
  readonly caPem?: string | undefined;
}
export interface OpenIdProvider {
  /** Where the browser goes, and what it keeps until it is back. Throws a Problem when the provider does not answer. */
  begin(callback: string): Promise<{ readonly url: string; readonly attempt: string }>;
  /** `returned`: the callback with what the provider added. Throws a Problem when nobody is let in. */
  finish(returned: URL, attempt: string): Promise<Principal>;
}

export function openIdProvider(options: OpenIdOptions): OpenIdProvider {
  let known: Promise<Configuration> | null = null;
  const provider = (): Promise<Configuration> =>
    (known ??= discover(options).catch((error: unknown) => {
      known = null;
      throw unreachable(options, error);
    }));
  return {
    async begin(callback) {
      const configuration = await provider();
      const attempt = newSecret();
      const url = buildAuthorizationUrl(configuration, {
        redirect_uri: callback,
        scope: 'openid profile',
        code_challenge: await calculatePKCECodeChallenge(verifierOf(attempt)),
        code_challenge_method: 'S256',
        state: stateOf(attempt),
        nonce: nonceOf(attempt),
      });
      return { url: url.href, attempt };
    },
    async finish(returned, attempt) {
      const configuration = await provider();
      const tokens = await authorizationCodeGrant(configuration, returned, {
        pkceCodeVerifier: verifierOf(attempt),
        expectedState: stateOf(attempt),
        expectedNonce: nonceOf(attempt),
        idTokenExpected: true,
      }).catch((error: unknown) => {
        throw refused(options, error);
      });
      return principalFrom(tokens.claims(), options);
    },
  };
}

const stateOf = (attempt: string): string => digestOf(`state ${attempt}`);
const nonceOf = (attempt: string): string => digestOf(`nonce ${attempt}`);
const verifierOf = (attempt: string): string => digestOf(`verifier ${attempt}`);

function discover({ issuer, clientId, clientSecret, caPem }: OpenIdOptions): Promise<Configuration> {
  const dispatcher = caPem === undefined ? undefined : new Agent({ connect: { ca: caPem } });
  const viaAgent = (url: string, init: object) =>
    fetch(url, { ...init, ...(dispatcher === undefined ? {} : { dispatcher }) }) as unknown as Promise<Response>;
  return discovery(new URL(issuer), clientId, clientSecret, undefined, {
    [customFetch]: viaAgent,
  });
}

function principalFrom(claims: IDToken | undefined, { roles, issuer }: OpenIdOptions): Principal {
  const granted = Array.isArray(claims?.['roles'])
    ? claims['roles'].flatMap((name) => (typeof name === 'string' ? (roles[name] ?? []) : []))
    : [];
  const role = highest(granted);
  const subject = subjectOf(claims);
  if (role !== null) return { subject, role };
  throw new Problem({
    status: 403,
    code: 'Authorization_RequestDenied',
    message: `${subject} is signed in at ${issuer} but has no role of Provisor there. Assign ${subject} one of the app roles ${Object.keys(roles).join(', ')}.`,
  });
}

const subjectOf = (claims: IDToken | undefined): string =>
  [claims?.['preferred_username'], claims?.['email'], claims?.['oid'], claims?.sub].find(
    (claim): claim is string => typeof claim === 'string' && claim !== '',
  ) ?? 'unknown';

/** What the provider says of itself never shows more than its code and sentence: no code, no token. */
function refused({ issuer }: OpenIdOptions, error: unknown): Problem {
  const { code, error: reason } = error as { readonly code?: unknown; readonly error?: unknown };
  const why = [reason, code].find((text): text is string => typeof text === 'string') ?? 'no reason given';
  return new Problem({
    status: 401,
    code: 'SignInRefused',
    message: `The sign-in at ${issuer} did not end well (${why}). Sign in again from the beginning.`,
  });
}

function unreachable({ issuer }: OpenIdOptions, error: unknown): Problem {
  const reason = error instanceof Error ? error.message : String(error);
  return new Problem({
    status: 503,
    code: 'serviceNotAvailable',
    message: `The sign-in provider ${issuer} does not answer as one (${reason}). Check PROVISOR_OIDC_ISSUER and that it can be reached.`,
  });
}
