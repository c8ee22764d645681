// Versions of the mirror: one per writing transaction, given while the tenant's row is locked, so that the version a
// reader sees is never overtaken by a smaller one that commits later.
import type { Tx } from '../database.ts';

export async function nextVersion(tx: Tx, tenantId: string): Promise<bigint> {
  const [row] = await tx.$queryRaw<{ version: bigint }[]>`
    INSERT INTO directory_tenant AS t (id, version) VALUES (${tenantId}, 1)
    ON CONFLICT (id) DO UPDATE SET version = t.version + 1
    RETURNING version`;
  if (row === undefined) throw new Error(`The mirror of tenant ${tenantId} gave no version.`);
  return row.version;
}

/** What one writing transaction shares. */
export interface Stamp {
  readonly tenantId: string;
  readonly version: bigint;
  readonly generation: number;
}
