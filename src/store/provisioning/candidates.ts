// Objects with everything that deciding about them needs: link, entitlements and groups, in three statements for a page.
import type { MatchQuery } from '../../rules/model/decisions.ts';
import type { Job } from '../../rules/model/job.ts';
import type { HeldBefore } from '../../rules/model/held.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import type { ObjectType, Presence } from '../../rules/model/source-object.ts';
import type { Link } from '../../rules/model/target.ts';
import type { Tx } from '../database.ts';
import type { Candidate, NamedGroups } from '../../rules/model/records.ts';
import { entitlementsOf } from './entitlements.ts';
import { toLink } from '../links/link-row.ts';
import type { LinkColumns } from '../links/link-row.ts';
import { namedGroupsOf } from './named-groups.ts';

interface ObjectRow extends Omit<LinkColumns, 'target_id'> {
  readonly id: string;
  readonly type: ObjectType;
  readonly presence: Presence;
  readonly attributes: JsonObject;
  readonly manager_id: string | null;
  readonly version: bigint;
  readonly target_id: string | null;
  readonly unsure: boolean;
  readonly found_by: readonly MatchQuery[] | null;
  readonly formerly_linked: Link['state'] | null;
  readonly held: HeldBefore | null;
  readonly ignored: boolean;
}
/** In the order of the ids; ids that the mirror does not know are left out. */
export async function candidates(
  tx: Tx,
  job: Job,
  ids: readonly string[],
  named: NamedGroups,
): Promise<readonly Candidate[]> {
  const rows = await tx.$queryRaw<ObjectRow[]>`
    SELECT o.id, o.type, o.presence, o.attributes, o.version,
           CASE WHEN manager.presence = 'hard-deleted' THEN NULL ELSE o.manager_id END AS manager_id,
           l.target_id, l.display_name, l.known, l.state, l.created_at,
           EXISTS (SELECT 1 FROM intent i WHERE i.job_id = ${job.id} AND i.source_id = o.id)
             OR EXISTS (SELECT 1 FROM escrow e WHERE e.job_id = ${job.id} AND e.source_id = o.id
                        AND e.code = 'InvalidAnchor') AS unsure,
           (SELECT i.found_by FROM intent i WHERE i.job_id = ${job.id} AND i.source_id = o.id) AS found_by,
           (SELECT f.state FROM former_link f WHERE f.job_id = ${job.id} AND f.source_id = o.id) AS formerly_linked,
           (SELECT jsonb_build_object('decision', h.decision, 'action', h.action, 'because', h.because, 'why', h.why)
            FROM held_deletion h
            WHERE h.job_id = ${job.id} AND h.source_id = o.id AND h.subject = 'object') AS held,
           EXISTS (SELECT 1 FROM escrow e WHERE e.job_id = ${job.id} AND e.source_id = o.id AND e.subject = 'object'
                   AND (e.state = 'ignored' OR (e.state = 'snoozed' AND e.next_retry > now()))
                   AND o.version <= e.seen_version) AS ignored
    FROM unnest(${[...ids]}::text[]) WITH ORDINALITY AS wanted(id, position)
    JOIN directory_object o ON o.tenant_id = ${job.tenantId} AND o.id = wanted.id
    LEFT JOIN directory_object manager ON manager.tenant_id = o.tenant_id AND manager.id = o.manager_id
    LEFT JOIN link l ON l.job_id = ${job.id} AND l.source_id = o.id
    ORDER BY wanted.position`;
  const entitled = await entitlementsOf(tx, job, ids);
  const groups = await namedGroupsOf(tx, job.tenantId, ids, named);
  return rows.map((row) => ({
    object: {
      id: row.id,
      type: row.type,
      presence: row.presence,
      attributes: row.attributes,
      managerId: row.manager_id,
      version: Number(row.version),
    },
    entitlements: entitled.get(row.id) ?? [],
    groups: groups.get(row.id) ?? { direct: [], transitive: [] },
    link: linkOf(job.id, row),
    ...(row.unsure ? { unsure: true as const } : {}),
    ...(row.found_by === null || row.found_by.length === 0 ? {} : { foundBy: row.found_by }),
    ...(row.formerly_linked === null ? {} : { formerlyLinked: row.formerly_linked }),
    held: row.held,
    ...(row.ignored ? { ignored: true as const } : {}),
  }));
}

function linkOf(jobId: string, { id, type, target_id: targetId, ...row }: ObjectRow): Link | null {
  return targetId === null ? null : toLink({ jobId, sourceId: id, type }, { ...row, target_id: targetId });
}
