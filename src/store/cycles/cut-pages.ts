// Cuts the work of a phase into pages, once: who asks again, or at the same time, is answered the same pages.
import { cycleTypes, goesFirst } from '../../rules/model/job.ts';
import type { CyclePhase, CycleType } from '../../rules/model/job.ts';
import { groupNesting } from '../../rules/scoping/nested-groups.ts';
import type { ScopeReads } from '../../rules/scoping/scope-reads.ts';
import type { Tx } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { deprovisioned, stillToCome, workOf } from './work.ts';
import type { CycleScope } from './cycle-scope.ts';

/** A page is a fortieth of the work, within these bounds: small enough to show progress, large enough to be worth a job. */
const SMALLEST_PAGE = 25;
const LARGEST_PAGE = 500;
const PAGES_AIMED_AT = 40;
const INITIAL: CycleType = cycleTypes[0];

interface CycleRow {
  readonly job_id: string;
  readonly type: string;
  readonly trigger: string;
  readonly from_version: bigint;
  readonly to_version: bigint | null;
  readonly probing: boolean;
  readonly cut_phases: readonly string[];
  readonly tenant_id: string;
  readonly service_principal_id: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly at: Date;
}

/** Page ids in order. An ended cycle is not cut any more. */
export async function cutPages(
  tx: Tx,
  cycleId: string,
  phase: CyclePhase,
  reads: ScopeReads,
): Promise<readonly string[]> {
  const [cycle] = await tx.$queryRaw<CycleRow[]>`
    SELECT c.job_id, c.type, c.trigger, c.from_version, c.to_version, c.probing, c.cut_phases,
           coalesce(c.started_at, c.queued_at) AS at, j.tenant_id, j.service_principal_id, j.settings
    FROM cycle c JOIN job j ON j.id = c.job_id
    WHERE c.id = ${cycleId} AND c.ended_at IS NULL
    FOR UPDATE OF c`;
  if (cycle !== undefined && !cycle.cut_phases.includes(phase))
    await cut(tx, phase, scopeOf(cycleId, cycle, reads), goesFirst({ probing: cycle.probing, phase }));
  const pages = await tx.page.findMany({ where: { cycleId, phase }, orderBy: { seq: 'asc' }, select: { id: true } });
  return pages.map(({ id }) => id);
}

const scopeOf = (cycleId: string, cycle: CycleRow, reads: ScopeReads): CycleScope => ({
  cycleId,
  jobId: cycle.job_id,
  tenantId: cycle.tenant_id,
  servicePrincipalId: cycle.service_principal_id,
  initial: cycle.type === INITIAL,
  onDemand: cycle.trigger === 'onDemand',
  from: cycle.from_version,
  to: cycle.to_version ?? cycle.from_version,
  at: cycle.at,
  nested: groupNesting(cycle) === 'followed',
  reads,
});

/**
 * One object, another one each time: rather one that did not fail before, for who fails always would keep the others back
 * forever, and rather a linked one, for that can be asked about.
 */
const firstTried = ({ jobId, cycleId }: CycleScope): Prisma.Sql => Prisma.sql`
  SELECT id FROM work
  ORDER BY EXISTS (SELECT 1 FROM escrow e WHERE e.job_id = ${jobId} AND e.source_id = id),
           NOT EXISTS (SELECT 1 FROM link l WHERE l.job_id = ${jobId} AND l.source_id = id), md5(id || ${cycleId})
  LIMIT 1`;

async function cut(tx: Tx, phase: CyclePhase, scope: CycleScope, probing: boolean): Promise<void> {
  const work = workOf(phase, scope);
  if (work === null) return;
  await tx.$executeRaw`
    WITH work AS (${work}),
    first AS (${probing ? firstTried(scope) : Prisma.sql`SELECT NULL AS id WHERE false`}),
    numbered AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n, count(*) OVER () AS total FROM work
                 WHERE id NOT IN (SELECT id FROM first)),
    placed AS (
      SELECT id, 0 AS seq FROM first
      UNION ALL
      SELECT id, (SELECT count(*) FROM first) + n / least(${LARGEST_PAGE}::bigint,
                           greatest(${SMALLEST_PAGE}::bigint, (total + ${PAGES_AIMED_AT - 1}) / ${PAGES_AIMED_AT})) AS seq
      FROM numbered)
    INSERT INTO page (id, cycle_id, phase, seq, object_ids, done)
    SELECT ${scope.cycleId} || '.' || ${phase} || '.' || seq, ${scope.cycleId}, ${phase}, seq, array_agg(id ORDER BY id), false
    FROM placed GROUP BY seq`;
  if (phase === 'deprovision') await leaveOut(tx, scope);
  await tx.$executeRaw`
    UPDATE cycle SET cut_phases = cut_phases || ${phase}::text,
      total = done
            + (SELECT coalesce(sum(cardinality(object_ids)), 0) FROM page WHERE cycle_id = ${scope.cycleId} AND NOT page.done)
            + (SELECT count(*) FROM (${stillToCome(phase, scope)}) AS ahead)
    WHERE id = ${scope.cycleId}`;
}

/** The pages of a run on demand are cut when it is asked for: who turned out to be a leaver is not looked at again. */
async function leaveOut(tx: Tx, { cycleId }: CycleScope): Promise<void> {
  await tx.$executeRaw`
    UPDATE page SET object_ids = ARRAY(SELECT unnest(object_ids) EXCEPT ${deprovisioned(cycleId)} ORDER BY 1)
    WHERE cycle_id = ${cycleId} AND phase IN ('users', 'groups')`;
}
