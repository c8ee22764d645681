// /api/tokens: bearer tokens of Provisor's own.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import { roles } from '../../rules/model/access.ts';
import type { AccessStore } from '../../rules/model/access.ts';
import { createToken, revokeToken, tokenShape } from '../access/manage-tokens.ts';
import type { Asker } from '../access/manage-tokens.ts';
import { actorOf } from '../http/authenticate.ts';
import { readBody } from '../http/body.ts';
import { param } from '../http/mount.ts';
import type { Operation, Resource } from '../http/mount.ts';

const DEFAULT_LIFE_MS = 90 * 86_400_000;

const time = z.iso.datetime({ offset: true });
const newToken = z.object({
  name: z.string().trim().min(1).max(100),
  role: z.enum(roles),
  expiresAt: time.nullish().describe('Ninety days from now when absent; null for a token that never expires.'),
});
const accessToken = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    role: z.enum(roles),
    prefix: z.string().describe('First characters of the token, to recognise it by.'),
    createdAt: z.iso.datetime(),
    createdBy: z.string(),
    expiresAt: z.iso.datetime().nullable(),
    lastUsedAt: z.iso.datetime().nullable().describe('To the minute.'),
  })
  .meta({ id: 'accessToken' });

export const tokenRoutes = (deps: UseCaseDeps, store: AccessStore): Readonly<Record<string, Resource>> => ({
  '/tokens': { GET: list(store), POST: create(deps, store) },
  '/tokens/:tokenId': { DELETE: revoke(deps, store) },
});

const list = (store: AccessStore): Operation => ({
  summary: 'List the access tokens, newest first. The tokens themselves are kept nowhere.',
  role: 'admin',
  status: 200,
  answer: z.strictObject({ value: z.array(accessToken) }),
  handle: async () => ({ value: (await store.tokens()).map(tokenShape) }),
});

const create = (deps: UseCaseDeps, store: AccessStore): Operation => ({
  summary: 'Create an access token. It is in this answer and shown never again.',
  role: 'admin',
  status: 201,
  body: newToken,
  answer: accessToken.safeExtend({ token: z.string() }),
  handle: async (request, reply) => {
    const { name, role, expiresAt: given } = readBody(newToken, request);
    const expiresAt = given === undefined ? new Date(deps.clock.now().getTime() + DEFAULT_LIFE_MS) : dateOf(given);
    const { token, secret } = await createToken(deps, store, { name, role, expiresAt }, askerOf(request));
    reply.header('location', `/api/tokens/${token.id}`);
    return { ...tokenShape(token), token: secret };
  },
});

const dateOf = (text: string | null): Date | null => (text === null ? null : new Date(text));

const revoke = (deps: UseCaseDeps, store: AccessStore): Operation => ({
  summary: 'Revoke an access token; sessions that it signed in end with it.',
  role: 'admin',
  status: 204,
  handle: (request) => revokeToken(deps, store, param(request, 'tokenId'), askerOf(request)),
});

const askerOf = (request: FastifyRequest): Asker => ({ actor: actorOf(request), ipAddress: request.ip });
