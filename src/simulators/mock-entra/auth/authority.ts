// The authority: the openid, key and token endpoints that @azure/identity calls, for client credentials.
import { createHash, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import type { JsonObject } from '../../../rules/model/json.ts';
import type { Answer } from '../http/call.ts';
import type { MockClient } from './mock-client.ts';
import type { SigningKey } from './signing-key.ts';
import type { Codes, SignedIn } from './sign-in.ts';

export interface Authority {
  readonly tenantId: string;
  readonly key: SigningKey;
  readonly clients: readonly MockClient[];
  readonly now: () => Date;
  readonly codes: Codes;
}
export interface AuthorityCall {
  readonly method: string;
  readonly origin: string;
  readonly segments: readonly string[];
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
}

const lifetimeSeconds = 3599;
const allRoles = [
  'Application.ReadWrite.All',
  'AuditLog.Read.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
  'Synchronization.ReadWrite.All',
  'Provisor.Admin',
] as const;

/** Answers a path of the authority; null when it is none. */
export async function answerAuthority(authority: Authority, call: AuthorityCall): Promise<Answer | null> {
  const [tenant = '', ...rest] = call.segments;
  if (!/^[0-9a-z.-]+$/i.test(tenant)) return null;
  switch (`${call.method} ${rest.join('/')}`) {
    case 'GET v2.0/.well-known/openid-configuration':
      return { status: 200, body: configuration(authority, call.origin, tenant) };
    case 'GET discovery/v2.0/keys':
      return { status: 200, body: publicKeys(authority) };
    case 'GET oauth2/v2.0/authorize':
      return authorize(authority, call);
    case 'POST oauth2/v2.0/token':
      return issue(authority, call);
    default:
      return null;
  }
}

/** On the host that the client used: clients refuse an issuer elsewhere. */
const issuerOf = ({ tenantId }: Authority, origin: string): string => `${origin}/${tenantId}/v2.0`;

function configuration(authority: Authority, origin: string, tenant: string): JsonObject {
  const base = `${origin}/${tenant}`;
  return {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    issuer: issuerOf(authority, origin),
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    response_types_supported: ['code', 'id_token'],
    code_challenge_methods_supported: ['S256'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'profile'],
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat'],
  };
}

const publicKeys = ({ key }: Authority): JsonObject => ({
  keys: [{ kty: 'RSA', use: 'sig', alg: 'RS256', kid: key.keyId, n: key.jwk.n ?? '', e: key.jwk.e ?? '' }],
});

async function issue(authority: Authority, call: AuthorityCall): Promise<Answer> {
  const refuse = (status: number, error: string, code: number, text: string): Answer =>
    refusal(authority, { status, error, code, text });
  const { form } = call;
  const grant = form.get('grant_type');
  if (grant === null)
    return refuse(
      400,
      'invalid_request',
      900144,
      "The request body must contain the following parameter: 'grant_type'.",
    );
  if (grant !== 'client_credentials' && grant !== 'authorization_code')
    return refuse(400, 'unsupported_grant_type', 70003, `The app requested an unsupported grant type '${grant}'.`);
  const { id, secret } = credentials(call);
  const client = authority.clients.find((one) => one.id === id);
  if (client === undefined)
    return refuse(
      400,
      'unauthorized_client',
      700016,
      `Application with identifier '${id}' was not found in the directory 'Contoso'.`,
    );
  if (secret === null)
    return refuse(
      401,
      'invalid_client',
      7000218,
      "The request body must contain the following parameter: 'client_secret'.",
    );
  if (secret !== client.secret)
    return refuse(401, 'invalid_client', 7000215, `Invalid client secret provided for app '${id}'.`);
  if (grant === 'authorization_code') return redeem(authority, call, client);
  const scope = form.get('scope') ?? '';
  if (!scope.endsWith('/.default'))
    return refuse(
      400,
      'invalid_scope',
      1002012,
      `The provided value for scope '${scope}' is not valid: client credential flows need a scope ending in /.default.`,
    );
  const token = await sign(authority, call.origin, client, scope.slice(0, -'/.default'.length));
  return {
    status: 200,
    body: { token_type: 'Bearer', expires_in: lifetimeSeconds, ext_expires_in: lifetimeSeconds, access_token: token },
    headers: { 'cache-control': 'no-store', pragma: 'no-cache' },
  };
}

function authorize(authority: Authority, { query }: AuthorityCall): Answer {
  const answer = authority.codes.authorize(query);
  return 'wrong' in answer
    ? refusal(authority, { status: 400, error: 'invalid_request', code: 900561, text: answer.wrong })
    : answer;
}

async function redeem(authority: Authority, { form, origin }: AuthorityCall, client: MockClient): Promise<Answer> {
  const signedIn = authority.codes.redeem(form, client);
  if (signedIn === null)
    return refusal(authority, {
      status: 400,
      error: 'invalid_grant',
      code: 70008,
      text: 'The provided authorization code is not valid here, has expired or was redeemed before.',
    });
  const token = await signPerson(authority, origin, signedIn);
  return {
    status: 200,
    body: { token_type: 'Bearer', expires_in: lifetimeSeconds, access_token: token, id_token: token },
    headers: { 'cache-control': 'no-store', pragma: 'no-cache' },
  };
}

function credentials({ form, headers }: AuthorityCall): { readonly id: string; readonly secret: string | null } {
  const basic = /^Basic (.+)$/i.exec(headers['authorization'] ?? '')?.[1];
  if (basic === undefined) return { id: form.get('client_id') ?? '', secret: form.get('client_secret') };
  const [id = '', ...secret] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  return { id, secret: secret.join(':') };
}

/** Claims of an id token; without an app role it has no claim `roles`. */
function signPerson(authority: Authority, origin: string, { client, person, nonce }: SignedIn): Promise<string> {
  const name = person.userPrincipalName;
  const roles = client.people === undefined ? ['Provisor.Admin'] : client.people[name.toLowerCase()];
  const claims = {
    name: person.displayName,
    oid: person.id,
    preferred_username: name,
    tid: authority.tenantId,
    ver: '2.0',
    ...(nonce === null ? {} : { nonce }),
    ...(roles === undefined ? {} : { roles: [...roles] }),
  };
  return signClaims(authority, claims, { origin, audience: client.id, subject: person.id });
}

/** Claims of an app-only token of Graph. */
function sign(authority: Authority, origin: string, client: MockClient, audience: string): Promise<string> {
  const { tenantId } = authority;
  const oid = guidOf(`${tenantId}/${client.id}`);
  const claims = {
    appid: client.id,
    azp: client.id,
    idtyp: 'app',
    oid,
    roles: [...(client.roles ?? allRoles)],
    tid: tenantId,
    uti: randomUUID(),
    ver: '2.0',
  };
  return signClaims(authority, claims, { origin, audience, subject: oid });
}

function signClaims(
  authority: Authority,
  claims: JWTPayload,
  { origin, audience, subject }: { readonly origin: string; readonly audience: string; readonly subject: string },
): Promise<string> {
  const { key, now } = authority;
  const issuedAt = Math.floor(now().getTime() / 1000);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.keyId })
    .setAudience(audience)
    .setIssuer(issuerOf(authority, origin))
    .setSubject(subject)
    .setIssuedAt(issuedAt)
    .setNotBefore(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .sign(key.privateKey);
}

function guidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

interface Refusal {
  readonly status: number;
  readonly error: string;
  readonly code: number;
  readonly text: string;
}

function refusal({ now }: Authority, { status, error, code, text }: Refusal): Answer {
  const [traceId, correlationId] = [randomUUID(), randomUUID()];
  const timestamp = `${now().toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const body = {
    error,
    error_description: `AADSTS${String(code)}: ${text} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
  };
  return { status, body };
}
