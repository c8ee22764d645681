// Bearer tokens: the admin token, or one of the directory's authority. Everything but health needs one.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServerOptions } from '../options.ts';
import { sendProblem } from './errors.ts';
import { allows, highest } from './roles.ts';
import type { Principal, Role } from './roles.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every path that needs a token. */
    principal: Principal | null;
  }
  interface FastifyContextConfig {
    role?: Role;
    /** Needs no token. */
    public?: true;
  }
}

export function installAuthentication(
  app: FastifyInstance,
  options: Pick<ServerOptions, 'adminToken' | 'verifyToken'>,
): void {
  const principalOf = authenticator(options);
  app.decorateRequest('principal', null);
  app.addHook('onRequest', async (request, reply) => {
    // By route, never by the text of the URL: a path can be written in many ways.
    if (request.is404 || request.routeOptions.config.public === true) return;
    request.principal = await principalOf(request.headers.authorization);
    if (request.principal === null) return refuseUnknown(request, reply);
    const needed = request.routeOptions.config.role ?? 'reader';
    if (!allows(request.principal.role, needed)) return refuseRole(request, reply, needed);
  });
}

function authenticator({ adminToken, verifyToken }: Pick<ServerOptions, 'adminToken' | 'verifyToken'>) {
  const admin = digest(adminToken);
  return async (header: string | undefined): Promise<Principal | null> => {
    const token = /^Bearer +([^\s]+) *$/i.exec(header ?? '')?.[1];
    if (token === undefined) return null;
    if (timingSafeEqual(digest(token), admin)) return { subject: 'admin token', role: 'admin' };
    const verified = (await verifyToken?.(token)) ?? null;
    const role = verified === null ? null : highest(verified.roles);
    return verified === null || role === null ? null : { subject: verified.subject, role };
  };
}

/** Of equal length whatever the token, so that a comparison tells nothing. */
const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

const refuseUnknown = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  sendProblem(request, reply.header('www-authenticate', 'Bearer'), {
    status: 401,
    code: 'InvalidAuthenticationToken',
    message:
      request.headers.authorization === undefined
        ? 'Access token is empty. Send the header "Authorization: Bearer <token>".'
        : 'Access token validation failure. Send the admin token, or a token of the directory with a role here.',
  });

const refuseRole = (request: FastifyRequest, reply: FastifyReply, needed: Role): FastifyReply =>
  sendProblem(request, reply, {
    status: 403,
    code: 'Authorization_RequestDenied',
    message: `Insufficient privileges to complete the operation: it needs the role ${needed}.`,
  });

/** Who acts, for the audit log. */
export const actorOf = (request: FastifyRequest): string => request.principal?.subject ?? 'anonymous';
