// Pages of a cycle: the unit of work, in the hand of one run at a time, done once, given up when it fails again and again.
import { PAGE_LEASE_MS } from '../../rules/model/job.ts';
import type { CyclePhase, Page } from '../../rules/model/job.ts';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import type { Page as PageRow } from '../generated/client.ts';

/** As often as the queue tries a page. */
const MOST_FAILURES = 3;

function toPage({ id, cycleId, phase, seq, objectIds, done, holder }: PageRow): Page {
  return { id, cycleId, phase: phase as CyclePhase, seq, objectIds, done, holder };
}
const leaseEnd = Prisma.sql`now() + ${PAGE_LEASE_MS} * interval '1 millisecond'`;

/** Whether the page is still in the hand of the run that took it. */
export const isHeld = ({ id, holder }: Page): Prisma.Sql => Prisma.sql`
  EXISTS (SELECT 1 FROM page p WHERE p.id = ${id} AND NOT p.done AND p.holder IS NOT DISTINCT FROM ${holder})`;

export function pageRecords({ prisma }: Database) {
  const page = async (pageId: string): Promise<Page | null> => {
    const row = await prisma.page.findUnique({ where: { id: pageId } });
    return row === null ? null : toPage(row);
  };
  return {
    page,
    /** `held` = another run has it; `null` = nothing is left to do, or its cycle has ended. */
    async takePage(pageId: string, holder: string): Promise<Page | 'held' | null> {
      const taken = await prisma.$executeRaw`
        UPDATE page p SET holder = ${holder}, held_until = ${leaseEnd} FROM cycle c
        WHERE p.id = ${pageId} AND NOT p.done AND c.id = p.cycle_id AND c.ended_at IS NULL
          AND (p.held_until IS NULL OR p.held_until <= now())`;
      if (taken > 0) return page(pageId);
      const open = await prisma.$queryRaw<unknown[]>`
        SELECT 1 FROM page p JOIN cycle c ON c.id = p.cycle_id
        WHERE p.id = ${pageId} AND NOT p.done AND c.ended_at IS NULL`;
      return open.length > 0 ? 'held' : null;
    },
    async keepPage({ id, holder }: Page): Promise<boolean> {
      const kept = await prisma.$executeRaw`
        UPDATE page SET held_until = ${leaseEnd} WHERE id = ${id} AND holder = ${holder} AND NOT done`;
      return kept > 0;
    },
    async mayWrite({ id, holder }: Page): Promise<boolean> {
      const rows = await prisma.$queryRaw<unknown[]>`
        SELECT 1 FROM page p JOIN cycle c ON c.id = p.cycle_id
        WHERE p.id = ${id} AND p.holder = ${holder} AND NOT p.done AND c.ended_at IS NULL`;
      return rows.length > 0;
    },
    async releasePage({ id, holder }: Page): Promise<void> {
      await prisma.page.updateMany({ where: { id, holder }, data: { holder: null, heldUntil: null } });
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
