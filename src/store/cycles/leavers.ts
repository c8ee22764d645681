// What the deletion guard judges a cycle by: its leavers, the linked accounts, and what was taken away lately.
import type { ObjectType } from '../../rules/model/source-object.ts';
import type { Leavers } from '../../rules/safety/deletion-guard.ts';
import type { Tx } from '../database.ts';

const DAY_MS = 24 * 3_600_000;
const before = (at: Date, days: number): Date => new Date(at.getTime() - days * DAY_MS);

export async function leaversOf(tx: Tx, cycleId: string, at: Date): Promise<Readonly<Record<ObjectType, Leavers>>> {
  const rows = await tx.$queryRaw<(Leavers & { readonly type: ObjectType })[]>`
    SELECT t.type, staged.fresh,
           CASE WHEN staged.fresh = 0 THEN 0 ELSE (
             SELECT count(*) FROM (
               SELECT source_id FROM link WHERE job_id = c.job_id AND type = t.type
               UNION SELECT source_id FROM former_link WHERE job_id = c.job_id AND type = t.type) AS account)::int
           END AS linked,
           coalesce(lost.day, 0)::int AS "lastDay", coalesce(lost.week, 0)::int AS "lastWeek"
    FROM cycle c
    CROSS JOIN (VALUES ('User'), ('Group')) AS t(type)
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS fresh FROM staged_deletion s
      WHERE s.cycle_id = c.id AND s.type = t.type AND s.fresh) AS staged
    LEFT JOIN LATERAL (
      SELECT sum(d.count) AS week, sum(d.count) FILTER (WHERE d.at > ${before(at, 1)}) AS day
      FROM deprovisioning d
      WHERE d.job_id = c.job_id AND d.kind = t.type AND d.at > ${before(at, 7)} AND NOT d.approved) AS lost ON true
    WHERE c.id = ${cycleId}`;
  const of = (type: ObjectType): Leavers =>
    rows.find((row) => row.type === type) ?? { fresh: 0, linked: 0, lastDay: 0, lastWeek: 0 };
  return { User: of('User'), Group: of('Group') };
}
