// Tokens and sessions of the control plane. Only digests of what lets somebody in get here.
import type { AccessStore, AccessToken, Role } from '../../rules/model/access.ts';
import type { Database } from '../database.ts';
import type { AccessToken as TokenRow } from '../generated/client.ts';

export function accessStore({ prisma }: Database): AccessStore {
  return {
    async addToken(token, digest) {
      await prisma.accessToken.create({ data: { ...token, digest } });
    },
    tokens: async () =>
      (await prisma.accessToken.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'asc' }] })).map(toToken),
    async tokenBy(digest) {
      const row = await prisma.accessToken.findUnique({ where: { digest } });
      return row === null ? null : toToken(row);
    },
    async removeToken(id) {
      const row = await prisma.accessToken.findUnique({ where: { id } });
      const { count } = await prisma.accessToken.deleteMany({ where: { id } });
      return row === null || count === 0 ? null : toToken(row);
    },
    async tokenUsed(id, lastUsedAt) {
      await prisma.accessToken.updateMany({ where: { id }, data: { lastUsedAt } });
    },
    async addSession(session) {
      await prisma.accessSession.deleteMany({ where: { expiresAt: { lt: session.usedAt } } });
      await prisma.accessSession.create({ data: session });
    },
    async sessionBy(digest) {
      const row = await prisma.accessSession.findUnique({ where: { digest } });
      return row === null ? null : { ...row, role: row.role as Role };
    },
    async sessionUsed(digest, usedAt) {
      await prisma.accessSession.updateMany({ where: { digest }, data: { usedAt } });
    },
    async removeSession(digest) {
      await prisma.accessSession.deleteMany({ where: { digest } });
    },
  };
}

const toToken = ({ id, name, role, prefix, createdAt, createdBy, expiresAt, lastUsedAt }: TokenRow): AccessToken => ({
  id,
  name,
  role: role as Role,
  prefix,
  createdAt,
  createdBy,
  expiresAt,
  lastUsedAt,
});
