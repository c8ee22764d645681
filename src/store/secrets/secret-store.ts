// Secrets of a service principal, encrypted at rest; the key lives outside the database. Fits SecretStore of the cycle.
import { ConfigError } from '../../rules/model/errors.ts';
import type { Database, Tx } from '../database.ts';
import type { Secret } from '../generated/client.ts';
import type { Keyring } from './keyring.ts';
import { keyIdOf, open, seal } from './seal.ts';

export type SecretRecords = ReturnType<typeof secretStore>;

export function secretStore(database: Database, keys: Keyring) {
  const { prisma } = database;
  return {
    async get(servicePrincipalId: string): Promise<Readonly<Record<string, string>>> {
      const rows = await prisma.secret.findMany({ where: { servicePrincipalId }, orderBy: { key: 'asc' } });
      return Object.fromEntries(rows.map((row) => [row.key, opened(keys, row)]));
    },
    replace: (servicePrincipalId: string, secrets: Readonly<Record<string, string>>): Promise<void> =>
      database.transaction(async (tx) => {
        await waitForRotation(tx);
        // Two sets that are saved at once do not mix: the later one is what stands.
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('provisor secrets ' || ${servicePrincipalId}, 0))`;
        const key = keys.current();
        const rows = Object.entries(secrets).map(([name, value]) => ({
          servicePrincipalId,
          key: name,
          ...seal(key, nameOf(servicePrincipalId, name), value),
        }));
        await tx.secret.deleteMany({ where: { servicePrincipalId } });
        await tx.secret.createMany({ data: rows });
      }),
    /**
     * Seals everything with the current key, which `renew` may change first; answers how many secrets had another one. All
     * or nothing: until it is done every secret opens with the key that it had.
     */
    reseal: (renew: () => Promise<void>): Promise<number> =>
      database.transaction(async (tx) => {
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ROTATION})`;
        await renew();
        const key = keys.current();
        const rows = await tx.secret.findMany({ where: { keyId: { not: keyIdOf(key) } } });
        for (const row of rows) {
          const { servicePrincipalId, key: name } = row;
          const sealed = seal(key, nameOf(servicePrincipalId, name), opened(keys, row));
          await tx.secret.update({
            where: { servicePrincipalId_key: { servicePrincipalId, key: name } },
            data: sealed,
          });
        }
        return rows.length;
      }),
  };
}

/** Number of the advisory lock: nobody seals with a key while another one takes its place. */
const ROTATION = 7_368_551;
const waitForRotation = (tx: Tx) => tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(${ROTATION})`;

const nameOf = (servicePrincipalId: string, key: string): string => `${servicePrincipalId}/${key}`;

function opened(keys: Keyring, row: Secret): string {
  const whose = `Secret ${row.key} of service principal ${row.servicePrincipalId}`;
  const key = keys.withId(row.keyId);
  if (key === null) {
    throw new ConfigError(
      'SecretKeyMismatch',
      `${whose} was encrypted with key ${row.keyId}, but PROVISOR_SECRET_KEY is key ${keyIdOf(keys.current())}. Name the earlier key in PROVISOR_SECRET_KEY_PREVIOUS, or save the secrets anew with PUT …/synchronization/secrets.`,
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
