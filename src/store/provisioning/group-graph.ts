// Walking down the graph of groups in SQL. Cycles and diamonds come to an end because UNION keeps each pair once.
import { Prisma } from '../generated/client.ts';

/** A group that is deleted leads nowhere; one whose own row was not read yet is taken for live. */
export const isLive = (tenantId: string, id: Prisma.Sql): Prisma.Sql => Prisma.sql`
  NOT EXISTS (SELECT 1 FROM directory_object o
              WHERE o.tenant_id = ${tenantId} AND o.id = ${id} AND o.presence <> 'live')`;

/**
 * The body of a recursive CTE `below(root, group_id)`: each live root (a query with the column `id`) with itself and, if
 * `deep`, with every live group that is nested in it.
 */
export function groupsBelow(tenantId: string, roots: Prisma.Sql, deep: boolean): Prisma.Sql {
  const themselves = Prisma.sql`
    SELECT DISTINCT r.id, r.id FROM (${roots}) AS r(id) WHERE ${isLive(tenantId, Prisma.sql`r.id`)}`;
  if (!deep) return themselves;
  return Prisma.sql`${themselves}
    UNION
    SELECT below.root, m.member_id FROM below
    JOIN directory_membership m
      ON m.tenant_id = ${tenantId} AND m.group_id = below.group_id AND m.member_type = 'Group' AND m.present
    WHERE ${isLive(tenantId, Prisma.sql`m.member_id`)}`;
}
