// What the deletion guard holds, as administrators see it and decide about it. Fits HeldStore of the cycle.
import type {
  Decided,
  HeldAction,
  HeldDecision,
  HeldFilter,
  HeldObject,
  HeldReason,
  HeldSelection,
  HeldSubject,
} from '../../rules/model/held.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import type { ObjectType } from '../../rules/model/source-object.ts';
import type { Database, Tx } from '../database.ts';
import type { HeldDeletion, Prisma } from '../generated/client.ts';

export type HeldRecords = ReturnType<typeof heldStore>;

export function heldStore(database: Database) {
  const { prisma } = database;
  return {
    async list(
      jobId: string,
      filter: HeldFilter,
      { limit, after }: { readonly limit: number; readonly after?: string },
    ): Promise<{ readonly held: readonly HeldObject[]; readonly next: string | null }> {
      const rows = await prisma.heldDeletion.findMany({
        where: { AND: [fitting(jobId, filter), after === undefined ? {} : behind(after)] },
        orderBy: [{ sourceId: 'asc' }, { subject: 'asc' }],
        take: limit + 1,
      });
      const held = rows.slice(0, limit).map(toHeld);
      return { held, next: rows.length > limit ? (held.at(-1)?.id ?? null) : null };
    },
    /** Answers the ids of those that were decided. */
    decide: (jobId: string, which: HeldSelection, decided: Decided): Promise<readonly string[]> =>
      database.transaction((tx) => decide(tx, jobId, which, decided)),
  };
}

/** The references of a group whose members may go now are looked at by the next cycle. */
async function decide(
  tx: Tx,
  jobId: string,
  which: HeldSelection,
  { decision, at, by, reason }: Decided,
): Promise<readonly string[]> {
  const where = 'ids' in which ? named(jobId, which.ids) : fitting(jobId, which.filter);
  const rows = await tx.heldDeletion.updateManyAndReturn({
    where,
    data: { decision, decidedAt: at, decidedBy: by, reason },
  });
  const groups = rows.filter(({ subject }) => subject === 'members').map(({ sourceId }) => sourceId);
  if (decision === 'approved')
    await tx.link.updateMany({ where: { jobId, sourceId: { in: groups } }, data: { referencesDue: true } });
  return rows.map(idOf);
}

const MEMBERS_OF = /^(.+)\/members$/;
const idOf = ({ sourceId, subject }: HeldDeletion): string =>
  subject === 'members' ? `${sourceId}/members` : sourceId;

/** What comes after it in the order of the list: by source id, `members` before `object`. */
function behind(id: string): Prisma.HeldDeletionWhereInput {
  const group = MEMBERS_OF.exec(id)?.[1];
  if (group === undefined) return { sourceId: { gt: id } };
  return { OR: [{ sourceId: { gt: group } }, { sourceId: group, subject: 'object' }] };
}

const named = (jobId: string, ids: readonly string[]): Prisma.HeldDeletionWhereInput => ({
  jobId,
  OR: [
    { subject: 'object', sourceId: { in: [...ids] } },
    { subject: 'members', sourceId: { in: ids.flatMap((id) => MEMBERS_OF.exec(id)?.[1] ?? []) } },
  ],
});

function fitting(jobId: string, { contains, ...equal }: HeldFilter): Prisma.HeldDeletionWhereInput {
  if (contains === undefined) return { jobId, ...equal };
  const part = { contains, mode: 'insensitive' } as const;
  return { jobId, ...equal, OR: [{ displayName: part }, { sourceId: part }, { targetId: part }] };
}

const toHeld = (row: HeldDeletion): HeldObject => ({
  ...row,
  id: idOf(row),
  subject: row.subject as HeldSubject,
  type: row.type as ObjectType,
  action: row.action as HeldAction,
  because: row.because as HeldReason,
  decision: row.decision as HeldDecision,
  evidence: row.evidence as JsonObject,
});
