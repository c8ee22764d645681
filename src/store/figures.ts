// What metrics and overviews tell of all jobs at once: one query for each kind of figure.
import type { CycleCounts } from '../rules/model/job.ts';
import { addCounts, noCounts } from '../rules/model/job.ts';
import type { Database } from './database.ts';

export interface JobFigures {
  readonly jobId: string;
  readonly servicePrincipalId: string;
  readonly templateId: string;
  /** `null` before the first refresh. */
  readonly application: string | null;
  readonly scheduleState: string;
  readonly intervalSeconds: number;
  readonly createdAt: Date;
  readonly quarantineReason: string | null;
  /** Of the last cycle that moved the watermark. */
  readonly evaluatedAt: Date | null;
  /** When the oldest change was read that no cycle of the job has covered yet. */
  readonly oldestPending: Date | null;
  readonly running: { readonly state: string; readonly left: number } | null;
  readonly lastCounts: CycleCounts | null;
  readonly links: Readonly<Record<string, number>>;
  readonly held: number;
  /** Writes that were announced before `unresolvedBefore` and not recorded since. */
  readonly intents: number;
}
export interface EscrowFigure {
  readonly jobId: string;
  readonly code: string;
  readonly count: number;
}
export interface Figures {
  readonly jobs: readonly JobFigures[];
  readonly escrows: readonly EscrowFigure[];
}

interface JobRow extends Omit<JobFigures, 'running' | 'lastCounts'> {
  readonly runningState: string | null;
  readonly runningLeft: number | null;
  readonly lastCounts: Partial<CycleCounts> | null;
}

export async function readFigures({ prisma }: Database, unresolvedBefore: Date): Promise<Figures> {
  const [jobs, escrows] = await Promise.all([
    prisma.$queryRaw<JobRow[]>`
      SELECT j.id AS "jobId", j.service_principal_id AS "servicePrincipalId", j.template_id AS "templateId",
             sp.display_name AS application, j.schedule_state AS "scheduleState",
             j.interval_seconds AS "intervalSeconds", j.created_at AS "createdAt",
             j.quarantine ->> 'reason' AS "quarantineReason", evaluated.started_at AS "evaluatedAt",
             pending.at AS "oldestPending", running.state AS "runningState", running.left AS "runningLeft",
             last.counts AS "lastCounts",
             (SELECT coalesce(jsonb_object_agg(type, n), '{}') FROM
               (SELECT type, count(*)::int AS n FROM link l WHERE l.job_id = j.id GROUP BY type) AS t) AS links,
             (SELECT count(*)::int FROM held_deletion h
              WHERE h.job_id = j.id AND h.decision = 'waiting') AS held,
             (SELECT count(*)::int FROM intent i WHERE i.job_id = j.id AND i.created_at < ${unresolvedBefore}) AS intents
      FROM job j
      LEFT JOIN directory_service_principal sp ON sp.tenant_id = j.tenant_id AND sp.id = j.service_principal_id
      LEFT JOIN LATERAL (
        SELECT c.started_at FROM cycle c
        WHERE c.job_id = j.id AND NOT c.dry_run AND c.trigger <> 'onDemand'
          AND c.state IN ('succeeded', 'entryLevelErrors')
        ORDER BY c.queued_at DESC LIMIT 1) AS evaluated ON true
      LEFT JOIN LATERAL (
        SELECT min(c.started_at) AS at FROM cycle c JOIN job other ON other.id = c.job_id
        WHERE other.tenant_id = j.tenant_id AND c.to_version > coalesce(j.watermark, 0)
          AND c.started_at > coalesce(evaluated.started_at, j.created_at)) AS pending ON true
      LEFT JOIN LATERAL (
        SELECT c.state, c.total - c.done AS left FROM cycle c
        WHERE c.job_id = j.id AND c.ended_at IS NULL AND c.trigger <> 'onDemand' LIMIT 1) AS running ON true
      LEFT JOIN LATERAL (
        SELECT c.counts FROM cycle c
        WHERE c.job_id = j.id AND NOT c.dry_run AND c.trigger <> 'onDemand'
          AND c.state IN ('succeeded', 'entryLevelErrors', 'failed')
        ORDER BY c.queued_at DESC LIMIT 1) AS last ON true
      ORDER BY j.id`,
    prisma.$queryRaw<EscrowFigure[]>`
      SELECT job_id AS "jobId", code, count(*)::int AS count FROM escrow GROUP BY job_id, code`,
  ]);
  return { jobs: jobs.map(figuresOf), escrows };
}

const figuresOf = ({ runningState, runningLeft, lastCounts, ...row }: JobRow): JobFigures => ({
  ...row,
  running: runningState === null ? null : { state: runningState, left: Math.max(0, runningLeft ?? 0) },
  lastCounts: lastCounts === null ? null : addCounts(noCounts, lastCounts),
});
