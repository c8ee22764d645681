// Display names of groups, for the log.
import type { Tx } from '../database.ts';

/** By id; groups that the mirror does not know are left out. */
export async function groupNames(
  tx: Tx,
  tenantId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.$queryRaw<{ id: string; name: string }[]>`
    SELECT id, attributes ->> 'displayName' AS name FROM directory_object
    WHERE tenant_id = ${tenantId} AND id = ANY(${[...ids]}::text[]) AND attributes ->> 'displayName' <> ''`;
  return new Map(rows.map(({ id, name }) => [id, name]));
}
