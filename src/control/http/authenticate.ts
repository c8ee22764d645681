// Who asks: by a bearer token, or by the session of a browser. Every route says which role it needs.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { allows } from '../../rules/model/access.ts';
import type { Principal, Role } from '../../rules/model/access.ts';
import type { Access } from '../access/access.ts';
import { carriesCsrfToken } from '../access/sessions.ts';
import type { ActiveSession } from '../access/sessions.ts';
import { sendProblem } from './errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every path that needs a role. */
    principal: Principal | null;
    /** Set when a session says who it is. */
    session: ActiveSession | null;
  }
  interface FastifyContextConfig {
    /** `anyone`: who asks is found out, and may be nobody. */
    role?: NeededRole;
    /** Who asks is not looked at. */
    public?: true;
  }
}
export type NeededRole = Role | 'anyone';

export function installAuthentication(app: FastifyInstance, access: Access): void {
  app.decorateRequest('principal', null);
  app.decorateRequest('session', null);
  app.addHook('onRequest', async (request, reply) => {
    // By route, never by the text of the URL: a path can be written in many ways.
    if (request.is404 || request.routeOptions.config.public === true) return;
    const needed = request.routeOptions.config.role ?? 'reader';
    await findOut(access, request);
    const { principal, session } = request;
    if (principal === null)
      return needed === 'anyone' && request.headers.authorization === undefined
        ? undefined
        : refuseUnknown(request, reply);
    if (needed === 'anyone') return;
    if (!allows(principal.role, needed)) return refuseRole(request, reply, needed);
    if (session !== null && !reading.has(request.method) && !carriesCsrfToken(request, session))
      return refuseForged(request, reply);
  });
}

const reading: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** A token goes before a session. */
async function findOut({ attempts, sessions }: Access, request: FastifyRequest): Promise<void> {
  const { authorization } = request.headers;
  if (authorization === undefined) {
    request.session = await sessions.current(request);
    request.principal = request.session;
  } else {
    const token = /^Bearer +([^\s]+) *$/i.exec(authorization)?.[1];
    request.principal = token === undefined ? null : await attempts.ownerOf(request, token);
  }
}

const refuseUnknown = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  sendProblem(request, reply.header('www-authenticate', 'Bearer'), {
    status: 401,
    code: 'InvalidAuthenticationToken',
    message:
      request.headers.authorization === undefined
        ? 'Access token is empty. Send the header "Authorization: Bearer <token>", or sign in.'
        : 'Access token validation failure. Send the admin token, a token of Provisor that has not expired, or a token of the directory with a role here.',
  });

const refuseRole = (request: FastifyRequest, reply: FastifyReply, needed: Role): FastifyReply =>
  sendProblem(request, reply, {
    status: 403,
    code: 'Authorization_RequestDenied',
    message: `Insufficient privileges to complete the operation: it needs the role ${needed}.`,
  });

const refuseForged = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  sendProblem(request, reply, {
    status: 403,
    code: 'CsrfTokenInvalid',
    message:
      'Nothing was changed: a session needs the header "x-csrf-token" with the csrfToken that GET /api/session answers.',
  });

/** Who acts, for the audit log. */
export const actorOf = (request: FastifyRequest): string => request.principal?.subject ?? 'anonymous';
