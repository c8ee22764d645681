// Stopping the cycle of a job, for good or for a pause, and going on with it.
import type { Cycle } from '../../rules/model/job.ts';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { toCycle } from './cycle-row.ts';
import { endCycle } from './end-cycle.ts';

const scheduled = { trigger: { not: 'onDemand' } } as const;

export function stopping(database: Database) {
  return {
    /** Ends the job's running cycle. `toGoOn`: a start goes on with it, unless it was a what-if. */
    stop: (jobId: string, { at, toGoOn }: { readonly at: Date; readonly toGoOn: boolean }): Promise<void> =>
      database.transaction(async (tx) => {
        if (!toGoOn) await tx.cycle.updateMany({ where: { jobId, suspended: true }, data: { suspended: false } });
        const [row] = await tx.cycle.updateManyAndReturn({
          where: { jobId, endedAt: null, ...scheduled },
          data: { suspended: toGoOn },
        });
        if (row === undefined) return;
        if (row.dryRun) await tx.cycle.update({ where: { id: row.id }, data: { suspended: false } });
        await endCycle(tx, row.id, { state: 'stopped', at, error: null });
      }),
    /** Goes on with the job's last cycle where a pause stopped it; `null` when there is nothing to go on with. */
    async goOn(jobId: string): Promise<Cycle | null> {
      const newest = await database.prisma.cycle.findFirst({
        where: { jobId, ...scheduled },
        orderBy: [{ queuedAt: 'desc' }, { id: 'desc' }],
      });
      if (newest?.suspended !== true) return null;
      try {
        const [row] = await database.prisma.cycle.updateManyAndReturn({
          where: { id: newest.id, suspended: true },
          data: {
            suspended: false,
            resumed: { increment: 1 },
            endedAt: null,
            state: newest.startedAt === null ? 'queued' : 'running',
          },
        });
        return row === undefined ? null : toCycle(row);
      } catch (error) {
        // Another cycle began meanwhile: it covers the same.
        if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') return null;
        throw error;
      }
    },
  };
}
