// What `npm start` shows while the first cycles run: one progress bar per job, then a table of what was done.
import { setTimeout as sleep } from 'node:timers/promises';
import { renderShortCounts } from '../cli/counts.ts';
import { progressMeter } from '../cli/progress-meter.ts';
import { clearProgress, drawProgress } from '../cli/progress.ts';
import type { ProgressLine } from '../cli/progress.ts';
import { noCounts, unfinishedStates } from '../rules/model/job.ts';
import type { Cycle } from '../rules/model/job.ts';

export interface WatchedJob {
  readonly displayName: string;
  readonly cycleId: string;
}

const REDRAW_MS = 200;

/** Redraws until every cycle has ended, or the process is told to stop; answers them. Draws nothing in a pipe. */
export async function watchCycles(
  jobs: readonly WatchedJob[],
  read: (cycleId: string) => Promise<Cycle | null>,
  stopped: AbortSignal,
): Promise<readonly (Cycle | null)[]> {
  const paces = jobs.map(() => progressMeter());
  try {
    for (;;) {
      const cycles = await Promise.all(jobs.map(({ cycleId }) => read(cycleId)));
      drawProgress(
        process.stderr,
        jobs.map((job, i) => progressLine(job, cycles[i] ?? null, paces[i])),
      );
      if (stopped.aborted || cycles.every((cycle) => cycle === null || !unfinishedStates.includes(cycle.state)))
        return cycles;
      await sleep(REDRAW_MS);
    }
  } finally {
    clearProgress(process.stderr);
  }
}

function progressLine({ displayName }: WatchedJob, cycle: Cycle | null, pace = progressMeter()): ProgressLine {
  const { done, total } = cycle?.progress ?? { done: 0, total: 0 };
  const { phase, state } = cycle ?? { phase: 'refresh', state: 'queued' };
  return { name: displayName, phase, state, done, total, ...pace(done, total, Date.now()) };
}

export const cycleTable = (jobs: readonly WatchedJob[], cycles: readonly (Cycle | null)[]): string =>
  renderShortCounts(
    jobs.map(({ displayName }, i) => ({
      name: displayName,
      state: cycles[i]?.state ?? 'not run',
      counts: cycles[i]?.counts ?? noCounts,
    })),
  );
