// What `npm start` shows in the terminal: progress while the first cycles run, then a table and where to look.
import { clearProgress, drawProgress } from '../cli/progress.ts';
import type { ProgressLine } from '../cli/progress.ts';
import { renderTable } from '../cli/table.ts';
import type { Cycle } from '../rules/model/job.ts';
import { unfinishedStates } from '../rules/model/job.ts';

export interface WatchedJob {
  readonly jobId: string;
  readonly displayName: string;
}

/** Redraws one bar per job until every cycle has ended; answers the ended cycles. Quiet in a pipe. */
export async function watchCycles(
  jobs: readonly WatchedJob[],
  cycleOf: (job: number) => Promise<Cycle | null>,
  stream: NodeJS.WriteStream,
  stopped: AbortSignal,
): Promise<readonly (Cycle | null)[]> {
  for (;;) {
    const cycles = await Promise.all(jobs.map((_, job) => cycleOf(job)));
    if (stream.isTTY) drawProgress(stream, jobs.map((job, i) => progressLine(job, cycles[i] ?? null)));
    const ended = cycles.every((cycle) => cycle !== null && !unfinishedStates.includes(cycle.state));
    if (ended || stopped.aborted) {
      if (stream.isTTY) clearProgress(stream);
      return cycles;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function progressLine({ displayName }: WatchedJob, cycle: Cycle | null): ProgressLine {
  const waiting = { name: displayName, phase: 'refresh', state: 'queued', done: 0, total: 0, ratePerSecond: null, secondsLeft: null } as const;
  if (cycle === null) return waiting;
  const seconds = cycle.startedAt === null ? 0 : ((cycle.endedAt ?? new Date()).getTime() - cycle.startedAt.getTime()) / 1000;
  const { done, total } = cycle.progress;
  const rate = seconds > 0.5 && done > 0 ? done / seconds : null;
  return { ...waiting, phase: cycle.phase, state: cycle.state, done, total, ratePerSecond: rate, secondsLeft: rate === null ? null : (total - done) / rate };
}

const columns = ['created', 'updated', 'disabled', 'deleted', 'skipped', 'failed'] as const;

export function cycleTable(jobs: readonly WatchedJob[], cycles: readonly (Cycle | null)[]): string {
  const rows = jobs.map(({ displayName }, i) => {
    const cycle = cycles[i] ?? null;
    const counts = columns.map((column) => String(cycle?.counts[column] ?? 0));
    const members = String((cycle?.counts.membersAdded ?? 0) + (cycle?.counts.membersRemoved ?? 0));
    return [displayName, cycle?.type ?? '', cycle?.state ?? 'not run', ...counts, members, secondsOf(cycle)];
  });
  return renderTable(['Application', 'Cycle', 'Result', ...columns.map(capital), 'Members', 'Seconds'], rows);
}

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
const secondsOf = (cycle: Cycle | null): string =>
  cycle?.startedAt == null || cycle.endedAt === null ? '' : ((cycle.endedAt.getTime() - cycle.startedAt.getTime()) / 1000).toFixed(1);
