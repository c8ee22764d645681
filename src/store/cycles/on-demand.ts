// A run on demand: a cycle whose pages are cut when it is asked for, out of the objects that were chosen.
import type { CyclePhase } from '../../rules/model/job.ts';
import type { ChosenObjects } from '../../rules/model/records.ts';
import type { Database, Tx } from '../database.ts';
import type { Cycle as CycleRow, Prisma } from '../generated/client.ts';

const LARGEST_PAGE = 500;

/** All phases but that of its own leavers count as cut, so that the run looks at nothing else. */
export const openOnDemand = (
  database: Database,
  cycle: Prisma.CycleCreateInput & { readonly id: string },
  { users, groups, members }: ChosenObjects,
): Promise<CycleRow> =>
  database.transaction(async (tx) => {
    const owners = [...users, ...groups];
    const pages = [
      ...pagesOf('leavers', owners),
      ...pagesOf('users', users),
      ...pagesOf('groups', groups),
      ...pagesOf('references', owners),
    ];
    const cutPhases: CyclePhase[] = ['leavers', 'users', 'groups', 'escrow', 'references'];
    const total = pages.reduce((sum, { objectIds }) => sum + objectIds.length, 0);
    const row = await tx.cycle.create({ data: { ...cycle, cutPhases, total, onlyMembers: [...members] } });
    await tx.page.createMany({
      data: pages.map(({ phase, seq, objectIds }) => ({
        id: `${cycle.id}.${phase}.${String(seq)}`,
        cycleId: cycle.id,
        phase,
        seq,
        objectIds,
      })),
    });
    return row;
  });

function pagesOf(phase: CyclePhase, ids: readonly string[]) {
  const count = Math.ceil(ids.length / LARGEST_PAGE);
  return Array.from({ length: count }, (_, seq) => ({
    phase,
    seq,
    objectIds: ids.slice(seq * LARGEST_PAGE, (seq + 1) * LARGEST_PAGE),
  }));
}

export async function chosenObjects(tx: Tx, cycleId: string): Promise<Pick<ChosenObjects, 'users' | 'groups'>> {
  const pages = await tx.page.findMany({ where: { cycleId }, orderBy: { seq: 'asc' } });
  const idsOf = (phase: CyclePhase) =>
    pages.filter((page) => page.phase === phase).flatMap(({ objectIds }) => objectIds);
  return { users: idsOf('users'), groups: idsOf('groups') };
}
