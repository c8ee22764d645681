// Cookies that scripts cannot read and other sites cannot send along with a write. Over https the browser itself holds
// them to this host (`__Host-`), and sends them over nothing else.
import type { FastifyReply, FastifyRequest } from 'fastify';

export type CookieName = 'provisor-session' | 'provisor-sign-in';

const named = (request: FastifyRequest, name: CookieName): string =>
  request.protocol === 'https' ? `__Host-${name}` : name;

export function readCookie(request: FastifyRequest, name: CookieName): string | null {
  const start = `${named(request, name)}=`;
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(start))?.slice(start.length) ?? null;
}

/** `value`: characters that need no encoding. `seconds` 0 removes it. */
export function writeCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  name: CookieName,
  cookie: { readonly value: string; readonly seconds: number },
): void {
  const parts = [
    `${named(request, name)}=${cookie.value}`,
    'Path=/',
    `Max-Age=${String(cookie.seconds)}`,
    'HttpOnly',
    'SameSite=Lax',
    ...(request.protocol === 'https' ? ['Secure'] : []),
  ];
  // fastify keeps several of them.
  reply.header('set-cookie', parts.join('; '));
}

export const dropCookie = (request: FastifyRequest, reply: FastifyReply, name: CookieName): void =>
  writeCookie(request, reply, name, { value: '', seconds: 0 });
