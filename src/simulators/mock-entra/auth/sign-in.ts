// Sign-in of people: the authorize endpoint and its codes. Nobody is asked for a password: `login_hint` names who it is, and
// without one it is the first user of the tenant.
import { createHash, randomBytes } from 'node:crypto';
import type { Answer } from '../http/call.ts';
import type { MockClient } from './mock-client.ts';

export interface Person {
  readonly id: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
}
export interface SignedIn {
  readonly client: MockClient;
  readonly person: Person;
  readonly nonce: string | null;
}
interface Pending extends SignedIn {
  readonly redirectUri: string;
  readonly challenge: string | null;
  readonly endsAt: number;
}
export interface Codes {
  /** Sends the browser back with a code, or says why not. */
  authorize(query: URLSearchParams): Answer | { readonly wrong: string };
  /** Once for each code; null for one that is not known, or not to this client. */
  redeem(form: URLSearchParams, client: MockClient): SignedIn | null;
}

const CODE_LIFE_MS = 600_000;

export function openCodes(options: {
  readonly clients: readonly MockClient[];
  readonly personOf: (hint: string | null) => Person | null;
  readonly now: () => Date;
}): Codes {
  const { clients, personOf, now } = options;
  const pending = new Map<string, Pending>();
  return {
    authorize(query) {
      const client = clients.find(({ id }) => id === query.get('client_id'));
      const redirectUri = query.get('redirect_uri') ?? '';
      const person = personOf(query.get('login_hint'));
      if (client === undefined) return { wrong: `Application '${query.get('client_id') ?? ''}' was not found.` };
      if (!URL.canParse(redirectUri)) return { wrong: 'The redirect URI is no URL.' };
      if (query.get('response_type') !== 'code') return { wrong: "Only response_type 'code' is served." };
      if (person === null) return { wrong: `There is no user '${query.get('login_hint') ?? ''}'.` };
      const code = randomBytes(32).toString('base64url');
      const [nonce, challenge] = [query.get('nonce'), query.get('code_challenge')];
      pending.set(code, { client, person, nonce, redirectUri, challenge, endsAt: now().getTime() + CODE_LIFE_MS });
      const back = new URL(redirectUri);
      back.searchParams.set('code', code);
      back.searchParams.set('state', query.get('state') ?? '');
      return { status: 302, headers: { location: back.href, 'cache-control': 'no-store' } };
    },
    redeem(form, client) {
      const code = form.get('code') ?? '';
      const found = pending.get(code);
      pending.delete(code);
      const fits =
        found?.client.id === client.id &&
        found.redirectUri === form.get('redirect_uri') &&
        found.endsAt > now().getTime() &&
        (found.challenge === null || found.challenge === challengeOf(form.get('code_verifier') ?? ''));
      return fits ? found : null;
    },
  };
}

/** RFC 7636 §4.2, S256. */
const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');
