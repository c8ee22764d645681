// Cycles, their phases and their pages: the checkpoint of every run. Fits CycleStore of the cycle.
import type { Cycle, CycleCounts, CyclePhase } from '../../rules/model/job.ts';
import type { Judgement } from '../../rules/model/held.ts';
import { noCounts } from '../../rules/model/job.ts';
import type { ObjectType } from '../../rules/model/source-object.ts';
import type { Leavers } from '../../rules/safety/deletion-guard.ts';
import { jsonValue } from '../database.ts';
import type { Database, Tx } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { noReads } from '../../rules/scoping/scope-reads.ts';
import type { ScopeReads } from '../../rules/scoping/scope-reads.ts';
import { addToCounts } from './counts.ts';
import { cutPages } from './cut-pages.ts';
import { chosenObjects, openOnDemand } from './on-demand.ts';
import { toCycle } from './cycle-row.ts';
import { endCycle } from './end-cycle.ts';
import type { End } from './end-cycle.ts';
import { leaversOf } from './leavers.ts';
import { pageRecords } from './page-records.ts';
import { stopping } from './stop-cycle.ts';
import type { NewCycle } from '../../rules/model/records.ts';

interface PhasePatch {
  readonly to?: number;
  readonly startedAt?: Date;
  readonly cut?: ScopeReads;
  readonly guard?: Judgement;
}

export type CycleRecords = ReturnType<typeof cycleStore>;

export function cycleStore(database: Database) {
  const { prisma } = database;
  return {
    open: (cycle: NewCycle) => open(database, cycle),
    async get(id: string): Promise<Cycle | null> {
      const row = await prisma.cycle.findUnique({ where: { id } });
      return row === null ? null : toCycle(row);
    },
    chosen: (id: string) => chosenObjects(prisma, id),
    /** Newest first; on-demand runs are none of the job's cycles. */
    async list(jobId: string, limit: number): Promise<readonly Cycle[]> {
      const rows = await prisma.cycle.findMany({
        where: { jobId, trigger: { not: 'onDemand' } },
        orderBy: [{ queuedAt: 'desc' }, { id: 'desc' }],
        take: limit,
      });
      return rows.map(toCycle);
    },
    async unfinished(): Promise<readonly Cycle[]> {
      const rows = await prisma.cycle.findMany({
        where: { endedAt: null },
        orderBy: [{ queuedAt: 'asc' }, { id: 'asc' }],
      });
      return rows.map(toCycle);
    },
    enterPhase: (id: string, from: CyclePhase, to: CyclePhase, patch: PhasePatch) =>
      database.transaction(async (tx) => {
        const [row] = await tx.cycle.updateManyAndReturn({
          where: { id, phase: from, endedAt: null },
          data: {
            phase: to,
            state: 'running',
            ...(patch.to === undefined ? {} : { toVersion: patch.to }),
            ...(patch.guard === undefined ? {} : { guard: jsonValue(patch.guard) }),
          },
        });
        if (row === undefined) return null;
        const startedAt = row.startedAt ?? patch.startedAt ?? new Date();
        const entered = row.startedAt === null ? await tx.cycle.update({ where: { id }, data: { startedAt } }) : row;
        if (patch.cut !== undefined) await cutPages(tx, id, to, patch.cut);
        return toCycle(entered);
      }),
    addCounts: (id: string, counts: Partial<CycleCounts>) => addToCounts(prisma, id, counts),
    async letFollow(id: string): Promise<void> {
      await prisma.cycle.updateMany({ where: { id }, data: { probing: false } });
    },
    end: (id: string, end: End) => database.transaction((tx) => endCycle(tx, id, end)),
    ...stopping(database),
    cutPages: (id: string, phase: CyclePhase, reads: ScopeReads = noReads) =>
      database.transaction((tx) => cutPages(tx, id, phase, reads)),
    ...pageRecords(database),
    leavers: (id: string, at: Date): Promise<Readonly<Record<ObjectType, Leavers>>> => leaversOf(prisma, id, at),
    countGone: (id: string, n: number): Promise<number> => countGone(prisma, id, n),
  };
}

async function countGone(tx: Tx, id: string, n: number): Promise<number> {
  const { gone } = await tx.cycle.update({ where: { id }, data: { gone: { increment: n } }, select: { gone: true } });
  return gone - n;
}

/** The unique index `cycle_unfinished` decides; who loses is told which cycle runs. */
async function open(
  database: Database,
  cycle: NewCycle,
): Promise<{ readonly opened: Cycle } | { readonly running: Cycle }> {
  const { from, chosen, ...columns } = cycle;
  const data = { ...columns, fromVersion: from, state: 'queued', phase: 'refresh', counts: jsonValue(noCounts) };
  for (;;) {
    try {
      if (chosen !== undefined) return { opened: toCycle(await openOnDemand(database, data, chosen)) };
      return { opened: toCycle(await database.prisma.cycle.create({ data })) };
    } catch (error) {
      if (!(error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002')) throw error;
      const same = await database.prisma.cycle.findUnique({ where: { id: cycle.id } });
      if (same !== null && (same.endedAt !== null || same.jobId !== cycle.jobId)) throw error;
    }
    const row = await database.prisma.cycle.findFirst({
      where: { jobId: cycle.jobId, endedAt: null, trigger: { not: 'onDemand' } },
    });
    if (row !== null) return { running: toCycle(row) };
  }
}
