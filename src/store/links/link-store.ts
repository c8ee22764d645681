// Links as administrators see and change them, beside the cycles. Fits LinkStore of the cycle.
import type { LinkQuery, LinkRecord, LinkRefusal } from '../../rules/model/records.ts';
import type { Link } from '../../rules/model/target.ts';
import type { ObjectType } from '../../rules/model/source-object.ts';
import { json } from '../database.ts';
import type { Database, Tx } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { toLink } from './link-row.ts';
import type { LinkColumns } from './link-row.ts';
import { removeLinks } from '../provisioning/record-links.ts';

export type LinkRecords = ReturnType<typeof linkStore>;

interface LinkRow extends LinkColumns {
  readonly job_id: string;
  readonly source_id: string;
  readonly type: ObjectType;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly held: boolean;
}

export function linkStore(database: Database) {
  return {
    /** In the order of their source ids. */
    async list(jobId: string, query: LinkQuery): Promise<readonly LinkRecord[]> {
      const rows = await database.prisma.$queryRaw<LinkRow[]>`
        SELECT l.job_id, l.source_id, l.type, l.target_id, l.display_name, l.known, l.state, l.created_at,
               (SELECT e.error FROM escrow e WHERE e.job_id = l.job_id AND e.source_id = l.source_id
                ORDER BY e.subject = 'object' DESC, e.subject LIMIT 1) AS error,
               EXISTS (SELECT 1 FROM held_deletion h
                       WHERE h.job_id = l.job_id AND h.source_id = l.source_id AND h.subject = 'object') AS held
        FROM link l WHERE ${Prisma.join(conditions(jobId, query), ' AND ')}
        ORDER BY l.source_id LIMIT ${query.limit}`;
      return rows.map(recordOf);
    },
    /** `null` when it is done; the next cycle looks at the object. Nothing is linked while a cycle runs: it may be at it. */
    link: (link: Link): Promise<LinkRefusal | null> =>
      database.transaction(async (tx) => (await runningCycle(tx, link.jobId)) ?? insert(tx, link)),
    /** The same; the account stays as it is. `false` when there is no such link. */
    unlink: (jobId: string, sourceId: string, at: Date): Promise<LinkRefusal | boolean> =>
      database.transaction(async (tx) => (await runningCycle(tx, jobId)) ?? remove(tx, jobId, sourceId, at)),
  };
}

function conditions(jobId: string, { type, state, search, after }: LinkQuery): readonly Prisma.Sql[] {
  return [
    Prisma.sql`l.job_id = ${jobId}`,
    ...(type === undefined ? [] : [Prisma.sql`l.type = ${type}`]),
    ...(state === undefined ? [] : [Prisma.sql`l.state = ${state}`]),
    ...(after === undefined ? [] : [Prisma.sql`l.source_id > ${after}`]),
    ...(search === undefined
      ? []
      : [
          Prisma.sql`(l.source_id = ${search} OR l.target_id = ${search}
                      OR strpos(lower(l.display_name), lower(${search})) > 0)`,
        ]),
  ];
}

const recordOf = ({ job_id: jobId, source_id: sourceId, type, error, held, ...row }: LinkRow): LinkRecord => ({
  ...toLink({ jobId, sourceId, type }, row),
  error: error === null ? null : { code: error.code, message: error.message },
  held,
});

async function runningCycle(tx: Tx, jobId: string): Promise<LinkRefusal | null> {
  const row = await tx.cycle.findFirst({ where: { jobId, endedAt: null }, select: { id: true } });
  return row === null ? null : { kind: 'running', cycleId: row.id };
}

/** Members that a group had before are read, as those of any account that was found. */
async function insert(tx: Tx, link: Link): Promise<LinkRefusal | null> {
  const { jobId, sourceId, type, targetId, displayName, known, state, createdAt } = link;
  const made = await tx.$executeRaw`
    INSERT INTO link (job_id, source_id, type, target_id, display_name, known, state, created_at, cycle_id, members_read)
    VALUES (${jobId}, ${sourceId}, ${type}, ${targetId}, ${displayName}, ${json(known)}::jsonb, ${state}, ${createdAt}, '', false)
    ON CONFLICT DO NOTHING`;
  if (made === 1) {
    await revisit(tx, jobId, sourceId);
    return null;
  }
  const other = await tx.link.findFirst({ where: { jobId, OR: [{ sourceId }, { type, targetId }] } });
  if (other === null) throw new Error(`link of ${sourceId} was refused, and nothing stands in its way`);
  return { kind: 'linked', sourceId: other.sourceId, targetId: other.targetId };
}

async function remove(tx: Tx, jobId: string, sourceId: string, at: Date): Promise<boolean> {
  const found = await tx.link.findUnique({ where: { jobId_sourceId: { jobId, sourceId } } });
  if (found === null) return false;
  await removeLinks(tx, { jobId, tenantId: '', cycleId: '', at }, [sourceId]);
  await tx.heldDeletion.deleteMany({ where: { jobId, sourceId } });
  await revisit(tx, jobId, sourceId);
  return true;
}

const revisit = (tx: Tx, jobId: string, sourceId: string): Promise<number> =>
  tx.$executeRaw`INSERT INTO revisit (job_id, source_id) VALUES (${jobId}, ${sourceId}) ON CONFLICT DO NOTHING`;
