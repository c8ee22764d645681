// OAuth 2 client credentials (RFC 6749 §4.4): one token per target, fetched once for all who want it at the same time,
// renewed before it expires, and after a 401.
import { SystemError } from '../rules/model/errors.ts';
import type { Json, JsonObject } from '../rules/model/json.ts';
import type { ClientCredentials, TlsIdentity } from '../rules/model/target.ts';
import type { Credential } from './credential.ts';
import { toWireFailure } from './failure.ts';
import type { WireFailure } from './failure.ts';
import { waitAfterFailure, waitAfterReply } from './retry.ts';
import { readDocument } from './scim-reply.ts';
import { showable } from './secret-text.ts';
import { checkTenantUrl } from './tenant-url.ts';
import type { Wire, WireReply } from './wire.ts';

export interface TokenRequests {
  readonly wire: Wire;
  readonly tls: TlsIdentity | null;
  readonly userAgent: string;
  readonly allowPrivate: boolean;
  readonly wait: (ms: number) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

interface Token {
  readonly text: string;
  /** Milliseconds since 1970 from which on a new one is fetched. */
  readonly staleAt: number;
}
type Form = 'header' | 'body';

const UNSAID_LIFE_MS = 3_600_000;
const LONGEST_SKEW_MS = 60_000;

export function clientCredentials(oauth: ClientCredentials, requests: TokenRequests): Credential {
  let token: Token | null = null;
  let fetching: Promise<Token> | null = null;
  const forms: Form[] = oauth.sentIn === null ? ['header', 'body'] : [oauth.sentIn];
  const fetchToken = async (): Promise<Token> => {
    const [form, text, lifeMs] = await requestToken(oauth, requests, forms);
    forms.splice(0, forms.length, form);
    return { text, staleAt: requests.now() + lifeMs - Math.min(LONGEST_SKEW_MS, lifeMs / 10) };
  };
  const current = async (): Promise<Token> => {
    if (token !== null && requests.now() < token.staleAt) return token;
    fetching ??= fetchToken().finally(() => (fetching = null));
    return (token = await fetching);
  };
  return {
    authorization: async () => `Bearer ${(await current()).text}`,
    renew(refused) {
      if (token !== null && refused === `Bearer ${token.text}`) token = null;
      return true;
    },
    name: `the access token of client ${oauth.clientId} from ${oauth.tokenEndpoint.replace(/[?#].*$/, '')}`,
    secrets: () => [oauth.clientSecret, ...(token === null ? [] : [token.text])],
  };
}

/** The form that was accepted, the token, and how long it lives. Throws SystemError. */
async function requestToken(
  oauth: ClientCredentials,
  requests: TokenRequests,
  forms: readonly Form[],
): Promise<readonly [Form, string, number]> {
  const problem = checkTenantUrl(oauth.tokenEndpoint, requests.allowPrivate, 'token endpoint');
  if (problem !== null) throw unreachable(problem);
  for (const [index, form] of forms.entries()) {
    const reply = await send(oauth, requests, form);
    if (reply.status === 200) return [form, ...readToken(oauth, reply)];
    const last = index === forms.length - 1;
    if (last || !mayWantAnotherForm(reply)) throw refusedBy(oauth, reply);
  }
  throw new Error('a token endpoint was asked in no form');
}

function mayWantAnotherForm(reply: WireReply): boolean {
  const document = readDocument(reply);
  const error = 'json' in document ? document.json['error'] : undefined;
  return reply.status === 401 || error === 'invalid_client' || error === 'invalid_request';
}

/** A request for a token has no effect that a second one would double. */
async function send(oauth: ClientCredentials, requests: TokenRequests, form: Form): Promise<WireReply> {
  for (let number = 1; ; number += 1) {
    const result = await requests.wire.send(tokenRequest(oauth, requests, form), () => undefined).catch(toWireFailure);
    const attempt = { method: 'GET', number, now: new Date(requests.now()), random: Math.random() } as const;
    const wait = 'kind' in result ? waitAfterFailure(result, attempt) : waitAfterReply(result, attempt);
    if (wait === null || wait.ms > LONGEST_SKEW_MS || number === 3) {
      if ('kind' in result) throw lost(oauth, result);
      return result;
    }
    const interruption = await requests.wait(wait.ms).then(() => null, toWireFailure);
    if (interruption !== null) throw lost(oauth, interruption);
  }
}

function tokenRequest(oauth: ClientCredentials, { tls, userAgent }: TokenRequests, form: Form) {
  const { clientId, clientSecret, scope } = oauth;
  const url = new URL(oauth.tokenEndpoint.trim());
  // RFC 6749 §2.3.1 encodes both before they are joined.
  const basic = Buffer.from(`${encoded(clientId)}:${encoded(clientSecret)}`).toString('base64');
  const fields = {
    grant_type: 'client_credentials',
    ...(scope === null ? {} : { scope }),
    ...(form === 'body' ? { client_id: clientId, client_secret: clientSecret } : {}),
  };
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    method: 'POST' as const,
    headers: {
      'user-agent': userAgent,
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(form === 'header' ? { authorization: `Basic ${basic}` } : {}),
    },
    body: new URLSearchParams(fields).toString(),
    tls,
  };
}

const encoded = (text: string): string => new URLSearchParams({ _: text }).toString().slice(2);

function readToken(oauth: ClientCredentials, reply: WireReply): readonly [string, number] {
  const document = readDocument(reply);
  if ('problem' in document) throw incompatible(oauth, `it answered ${document.problem}`);
  const { access_token: text, token_type: type, expires_in: life } = document.json;
  if (typeof text !== 'string' || !/^[\x21-\x7e]+$/.test(text))
    throw incompatible(oauth, 'its answer has no access_token that a header can carry');
  if (typeof type === 'string' && type.toLowerCase() !== 'bearer')
    throw incompatible(oauth, `its token is of type "${type}", and only bearer tokens can be used`);
  return [text, lifeOf(life)];
}

/** Milliseconds; some servers write the number as text, some leave it out. */
function lifeOf(life: Json | undefined): number {
  const seconds = typeof life === 'string' && life.trim() !== '' ? Number(life) : life;
  return typeof seconds === 'number' && Number.isFinite(seconds) ? Math.max(0, seconds) * 1_000 : UNSAID_LIFE_MS;
}

const placeOf = ({ tokenEndpoint }: ClientCredentials): string => tokenEndpoint.replace(/[?#].*$/, '');

function refusedBy(oauth: ClientCredentials, reply: WireReply): SystemError {
  const place = placeOf(oauth);
  if (reply.status === 429 || reply.status >= 500)
    return unreachable(`The token endpoint ${place} is not available: it answered ${String(reply.status)}.`);
  const document = readDocument(reply);
  const reason = 'json' in document ? reasonOf(document.json) : document.problem;
  return new SystemError(
    'SystemForCrossDomainIdentityManagementInvalidCredentials',
    showable(
      `The token endpoint ${place} gave client ${oauth.clientId} no token: it answered ${String(reply.status)} (${reason}).`,
      [oauth.clientSecret],
    ),
  );
}

function reasonOf({ error, error_description: description }: JsonObject): string {
  const parts = [error, description].flatMap((part) => (typeof part === 'string' && part !== '' ? [part] : []));
  return parts.length === 0 ? 'no reason given' : parts.join(': ');
}

const lost = (oauth: ClientCredentials, failure: WireFailure): SystemError =>
  failure.kind === 'unusable'
    ? incompatible(oauth, `it answered with ${failure.message}`)
    : unreachable(`The token endpoint ${placeOf(oauth)} cannot be reached: ${failure.message}.`);

const incompatible = (oauth: ClientCredentials, what: string): SystemError =>
  new SystemError(
    'SystemForCrossDomainIdentityManagementServiceIncompatible',
    `What answers at the token endpoint ${placeOf(oauth)} gives no OAuth 2 token: ${what}.`,
  );

const unreachable = (message: string): SystemError =>
  new SystemError('SystemForCrossDomainIdentityManagementUnreachable', message);
