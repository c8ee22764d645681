// Which of the groups that filters name a user is in: directly, or through any number of nested groups.
import type { NamedGroups } from '../../rules/model/records.ts';
import type { Tx } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { groupsBelow } from './group-graph.ts';

interface Row {
  readonly member_id: string;
  readonly root: string;
  readonly deep: boolean;
}

/** By user; one who is in none of them is left out. */
export async function namedGroupsOf(
  tx: Tx,
  tenantId: string,
  ids: readonly string[],
  { direct, transitive }: NamedGroups,
): Promise<ReadonlyMap<string, NamedGroups>> {
  const found = new Map<string, { direct: string[]; transitive: string[] }>();
  if (direct.length + transitive.length === 0) return found;
  const below = (named: readonly string[], deep: boolean): Prisma.Sql =>
    groupsBelow(tenantId, Prisma.sql`SELECT unnest(${[...named]}::text[])`, deep);
  const members = (deep: boolean): Prisma.Sql => Prisma.sql`
    SELECT DISTINCT m.member_id, below.root, ${deep}::boolean AS deep FROM directory_membership m
    JOIN below ON below.group_id = m.group_id
    WHERE m.tenant_id = ${tenantId} AND m.member_id = ANY(${[...ids]}::text[]) AND m.present`;
  const rows = await tx.$queryRaw<Row[]>`
    (WITH RECURSIVE below(root, group_id) AS (${below(direct, false)}) ${members(false)})
    UNION ALL
    (WITH RECURSIVE below(root, group_id) AS (${below(transitive, true)}) ${members(true)})
    ORDER BY 1, 2`;
  for (const { member_id: id, root, deep } of rows) {
    const groups = found.get(id) ?? { direct: [], transitive: [] };
    found.set(id, groups);
    groups[deep ? 'transitive' : 'direct'].push(root);
  }
  return found;
}
