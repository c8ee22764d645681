// Managers as the mirror has them against managers as they were last written, for the linked users of a page.
import type { Job } from '../../rules/model/job.ts';
import type { Tx } from '../database.ts';
import type { ManagerDiff } from '../../rules/model/records.ts';

interface ManagerRow {
  readonly source_id: string;
  readonly target_id: string;
  readonly display_name: string;
  readonly known: string | null;
  readonly manager_id: string | null;
  readonly manager_target_id: string | null;
  readonly created_at: Date;
}

/** One for each active linked user, also when nothing differs. A manager who was deleted for good is none. */
export async function managerDiffs(
  tx: Tx,
  job: Job,
  userIds: readonly string[],
  managerPath: string,
): Promise<readonly ManagerDiff[]> {
  const rows = await tx.$queryRaw<ManagerRow[]>`
    SELECT l.source_id, l.target_id, l.display_name, l.known ->> ${managerPath} AS known,
           CASE WHEN manager.presence = 'hard-deleted' THEN NULL ELSE o.manager_id END AS manager_id,
           m.target_id AS manager_target_id, l.created_at
    FROM link l
    JOIN directory_object o ON o.tenant_id = ${job.tenantId} AND o.id = l.source_id
    LEFT JOIN directory_object manager ON manager.tenant_id = o.tenant_id AND manager.id = o.manager_id
    LEFT JOIN link m ON m.job_id = l.job_id AND m.source_id = o.manager_id AND m.type = 'User'
    WHERE l.job_id = ${job.id} AND l.type = 'User' AND l.state = 'active'
      AND l.source_id = ANY(${[...userIds]}::text[])
    ORDER BY l.source_id`;
  return rows.map((row) => ({
    userId: row.source_id,
    targetId: row.target_id,
    displayName: row.display_name,
    desired:
      row.manager_id === null || row.manager_target_id === null
        ? null
        : { sourceId: row.manager_id, targetId: row.manager_target_id },
    pending: row.manager_target_id === null ? row.manager_id : null,
    known: row.known,
    linkedAt: row.created_at,
  }));
}
