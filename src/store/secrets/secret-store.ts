// Secrets of a service principal, encrypted at rest; the key lives outside the database. Fits SecretStore of the cycle.
import { ConfigError } from '../../rules/model/errors.ts';
import type { Database } from '../database.ts';
import type { Secret } from '../generated/client.ts';
import { keyIdOf, open, seal } from './seal.ts';

export type SecretRecords = ReturnType<typeof secretStore>;

/** `key`: 32 bytes. */
export function secretStore(database: Database, key: Buffer) {
  const { prisma } = database;
  return {
    async get(servicePrincipalId: string): Promise<Readonly<Record<string, string>>> {
      const rows = await prisma.secret.findMany({ where: { servicePrincipalId }, orderBy: { key: 'asc' } });
      return Object.fromEntries(rows.map((row) => [row.key, opened(key, row)]));
    },
    replace: (servicePrincipalId: string, secrets: Readonly<Record<string, string>>): Promise<void> =>
      database.transaction(async (tx) => {
        const rows = Object.entries(secrets).map(([name, value]) => ({
          servicePrincipalId,
          key: name,
          ...seal(key, nameOf(servicePrincipalId, name), value),
        }));
        await tx.secret.deleteMany({ where: { servicePrincipalId } });
        await tx.secret.createMany({ data: rows });
      }),
  };
}

const nameOf = (servicePrincipalId: string, key: string): string => `${servicePrincipalId}/${key}`;

function opened(key: Buffer, row: Secret): string {
  const whose = `Secret ${row.key} of service principal ${row.servicePrincipalId}`;
  if (row.keyId !== keyIdOf(key)) {
    throw new ConfigError(
      'SecretKeyMismatch',
      `${whose} was encrypted with key ${row.keyId}, but PROVISOR_SECRET_KEY is key ${keyIdOf(key)}. Set the earlier key again, or save the secrets anew with PUT …/synchronization/secrets.`,
      'PROVISOR_SECRET_KEY',
    );
  }
  try {
    return open(key, nameOf(row.servicePrincipalId, row.key), row);
  } catch (error) {
    throw new Error(
      `${whose} was changed in the database and cannot be read. Save the secrets anew with PUT …/synchronization/secrets.`,
      { cause: error },
    );
  }
}
