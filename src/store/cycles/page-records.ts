// Pages of a cycle: the unit of work, done once, and given up when it fails again and again.
import type { CyclePhase, Page } from '../../rules/model/job.ts';
import type { Database } from '../database.ts';

/** As often as the queue tries a page. */
const MOST_FAILURES = 3;

export function pageRecords({ prisma }: Database) {
  return {
    async page(pageId: string): Promise<Page | null> {
      const row = await prisma.page.findUnique({ where: { id: pageId } });
      return row === null ? null : { ...row, phase: row.phase as CyclePhase };
    },
    async pageFailed(pageId: string): Promise<void> {
      await prisma.page.updateMany({ where: { id: pageId }, data: { failures: { increment: 1 } } });
    },
    pagesGivenUp: (id: string, phase: CyclePhase): Promise<number> =>
      prisma.page.count({ where: { cycleId: id, phase, done: false, failures: { gte: MOST_FAILURES } } }),
    async unfinishedPages(id: string, phase: CyclePhase): Promise<readonly string[]> {
      const rows = await prisma.page.findMany({
        where: { cycleId: id, phase, done: false },
        orderBy: { seq: 'asc' },
        select: { id: true },
      });
      return rows.map((row) => row.id);
    },
  };
}
