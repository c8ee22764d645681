// /api/session: the session of a browser. It begins with a token that is typed in, or at the provider of the organisation.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { audit } from '../../cycle/use-cases/audit.ts';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import { roles } from '../../rules/model/access.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import type { Access } from '../access/access.ts';
import { dropCookie, readCookie, writeCookie } from '../access/cookies.ts';
import { digestOf } from '../access/credentials.ts';
import type { OpenIdProvider } from '../access/open-id.ts';
import type { ActiveSession, SignedIn } from '../access/sessions.ts';
import { readBody } from '../http/body.ts';
import type { Operation, Resource } from '../http/mount.ts';
import { Problem } from '../http/problem.ts';

const START = '/session/openid';
const CALLBACK = `${START}/callback`;
const SIGN_IN_SECONDS = 600;

const credentials = z.object({ token: z.string().min(1).max(10_000) });
const whoAmI = z
  .strictObject({
    principal: z.strictObject({ subject: z.string(), role: z.enum(roles) }).nullable(),
    csrfToken: z.string().nullable().describe('Of a session: the value of the header x-csrf-token for what changes.'),
    expiresAt: z.iso.datetime().nullable().describe('Of a session.'),
    openIdUrl: z
      .string()
      .nullable()
      .describe('Where a browser goes to sign in at the provider; null when none is set.'),
  })
  .meta({ id: 'session' });

export const sessionRoutes = (deps: UseCaseDeps, access: Access): Readonly<Record<string, Resource>> => ({
  '/session': { GET: show(access), POST: signIn(deps, access), DELETE: signOut(deps, access) },
  [START]: { GET: begin(access) },
  [CALLBACK]: { GET: finish(deps, access) },
});

const show = (access: Access): Operation => ({
  summary: 'Say who is signed in, with which role, and how to sign in.',
  role: 'anyone',
  status: 200,
  answer: whoAmI,
  handle: (request) => {
    const { principal, session } = request;
    const who = principal === null ? null : { subject: principal.subject, role: principal.role };
    return Promise.resolve({ ...sessionShape(access, session), principal: who });
  },
});

const sessionShape = ({ openId }: Access, session: ActiveSession | null): JsonObject => ({
  principal: session === null ? null : { subject: session.subject, role: session.role },
  csrfToken: session?.csrfToken ?? null,
  expiresAt: session?.expiresAt.toISOString() ?? null,
  openIdUrl: openId === null ? null : `/api${START}`,
});

const signIn = (deps: UseCaseDeps, access: Access): Operation => ({
  summary: 'Begin a session with the admin token or an access token.',
  role: 'anyone',
  status: 200,
  body: credentials,
  answer: whoAmI,
  handle: async (request, reply) => {
    const { token } = readBody(credentials, request);
    const owner = await access.attempts.ownerOf(request, token);
    const tokenDigest = digestOf(token);
    // A token of the directory cannot be asked for again later, so no session may depend on it.
    const lasting = owner === null ? null : await access.owners.ownerByDigest(tokenDigest);
    if (lasting === null) throw await refused(deps, request);
    return sessionShape(access, await open(deps, access, request, reply, { ...lasting, tokenDigest }));
  },
});

async function refused(deps: UseCaseDeps, request: FastifyRequest): Promise<Problem> {
  await audit(deps, { actor: 'anonymous', activity: 'Sign-in refused', ipAddress: request.ip });
  return new Problem({
    status: 401,
    code: 'InvalidAuthenticationToken',
    message: 'No session began with this token. Use the admin token, or an access token that has not expired.',
    target: 'token',
  });
}

async function open(
  deps: UseCaseDeps,
  { sessions }: Access,
  request: FastifyRequest,
  reply: FastifyReply,
  who: SignedIn,
): Promise<ActiveSession> {
  const session = await sessions.begin(request, reply, who);
  const { subject, role } = who;
  await audit(deps, { actor: subject, activity: 'Sign in', ipAddress: request.ip, after: { subject, role } });
  return session;
}

const signOut = (deps: UseCaseDeps, { sessions }: Access): Operation => ({
  summary: 'End the session.',
  role: 'reader',
  status: 204,
  handle: async (request, reply) => {
    await sessions.end(request, reply);
    if (request.session !== null)
      await audit(deps, { actor: request.session.subject, activity: 'Sign out', ipAddress: request.ip });
  },
});

const begin = (access: Access): Operation => ({
  summary: 'Send the browser to the sign-in of the organisation; returnTo is the path here that it comes back to.',
  role: 'anyone',
  status: 302,
  query: z.object({ returnTo: z.string().optional() }),
  handle: async (request, reply) => {
    const { url, attempt } = await providerOf(access).begin(callbackOf(request));
    const { returnTo } = request.query as Readonly<Record<string, unknown>>;
    const value = `${attempt}.${encodeURIComponent(localPath(returnTo))}`;
    writeCookie(request, reply, 'provisor-sign-in', { value, seconds: SIGN_IN_SECONDS });
    return reply.redirect(url);
  },
});

const finish = (deps: UseCaseDeps, access: Access): Operation => ({
  summary: 'Come back from the sign-in of the organisation and begin a session.',
  role: 'anyone',
  status: 302,
  handle: async (request, reply) => {
    const provider = providerOf(access);
    const [attempt = '', returnTo = ''] = (readCookie(request, 'provisor-sign-in') ?? '').split('.');
    dropCookie(request, reply, 'provisor-sign-in');
    if (attempt === '') throw notBegun;
    const query = new URL(request.originalUrl, 'http://any').search;
    const who = await access.attempts.attempt(request, () =>
      provider.finish(new URL(callbackOf(request) + query), attempt),
    );
    await open(deps, access, request, reply, { ...who, tokenDigest: null });
    return reply.redirect(localPath(decodeURIComponent(returnTo)));
  },
});

function providerOf({ openId }: Access): OpenIdProvider {
  if (openId !== null) return openId;
  throw new Problem({
    status: 404,
    code: 'SignInNotConfigured',
    message: 'No sign-in provider is set here. Set PROVISOR_OIDC_ISSUER, or sign in with a token.',
  });
}

const notBegun = new Problem({
  status: 400,
  code: 'SignInNotBegun',
  message: 'This browser has begun no sign-in here, or longer than ten minutes ago. Sign in again from the beginning.',
});

const callbackOf = ({ protocol, host }: FastifyRequest): string => `${protocol}://${host}/api${CALLBACK}`;

/** A path of this server and nothing else: no sign-in leads a browser elsewhere. */
function localPath(given: unknown): string {
  const here = 'http://here.invalid';
  if (typeof given !== 'string' || !/^\/[\x21-\x7e]*$/.test(given) || !URL.canParse(given, here)) return '/';
  const { origin, pathname, search, hash } = new URL(given, here);
  return origin === here && !pathname.startsWith('//') ? pathname + search + hash : '/';
}
