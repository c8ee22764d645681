// Progress of cycles: one bar per job. `renderProgress` is pure; `drawProgress` shows it in place on a terminal, and nowhere else.
import { clip, grouped, lengthOf, padEnd, padStart, printable } from './text.ts';

export interface ProgressLine {
  readonly name: string;
  readonly phase: string;
  /** State of the cycle, e.g. `running` or `failed`. */
  readonly state: string;
  readonly done: number;
  readonly total: number;
  readonly ratePerSecond: number | null;
  readonly secondsLeft: number | null;
  readonly note?: string;
}

const NARROWEST_BAR = 8;
const WIDEST_BAR = 30;

/** One line per job, none longer than `columns`; on a narrow terminal the least important parts go first. */
export function renderProgress(jobs: readonly ProgressLine[], columns: number): string[] {
  const rows = jobs.map(partsOf);
  const widest = (part: keyof Parts): number => Math.max(0, ...rows.map((row) => lengthOf(row[part])));
  const nameWidth = Math.min(widest('name'), Math.max(4, Math.floor(columns / 3)));
  const shown = fitting(columns - nameWidth, widest);
  const taken = shown.reduce((sum, part) => sum + widest(part) + 2, nameWidth + 2);
  const barWidth = Math.min(WIDEST_BAR, columns - taken);
  return rows.map((row) => {
    const bar = barWidth < NARROWEST_BAR ? [] : [drawBar(row.ratio, barWidth)];
    const cells = shown.map((part) =>
      (part === 'note' || part === 'phase' ? padEnd : padStart)(row[part], widest(part)),
    );
    return clip([padEnd(clip(row.name, nameWidth), nameWidth), ...bar, ...cells].join('  ').trimEnd(), columns);
  });
}

interface Parts {
  readonly name: string;
  readonly count: string;
  readonly rate: string;
  readonly left: string;
  readonly phase: string;
  readonly note: string;
}

function partsOf(job: ProgressLine): Parts & { readonly ratio: number } {
  const over = job.state !== 'running' && job.state !== 'queued';
  return {
    name: printable(job.name),
    ratio: ratioOf(job),
    count: `${grouped(job.done)}/${grouped(job.total)}`,
    rate: over || job.ratePerSecond === null ? '' : `${grouped(Math.round(job.ratePerSecond))}/s`,
    left: over || job.secondsLeft === null ? '' : `${formatSeconds(job.secondsLeft)} left`,
    phase: printable(over || job.state === 'queued' ? job.state : job.phase),
    note: printable(job.note ?? ''),
  };
}

/** Without a total nothing is known yet, unless it has ended well with nothing to do. */
function ratioOf({ done, total, state }: ProgressLine): number {
  if (total > 0) return Math.min(1, Math.max(0, done / total));
  return state === 'succeeded' || state === 'entryLevelErrors' ? 1 : 0;
}

const order = ['count', 'rate', 'left', 'phase', 'note'] as const satisfies readonly (keyof Parts)[];
const firstToGo = ['note', 'rate', 'left', 'phase'] as const satisfies readonly (keyof Parts)[];

/** The parts that leave room for a bar, in the order they are drawn. */
function fitting(room: number, widest: (part: keyof Parts) => number): readonly (typeof order)[number][] {
  const gone = new Set<keyof Parts>(order.filter((part) => widest(part) === 0));
  const width = (): number =>
    order.reduce((sum, part) => sum + (gone.has(part) ? 0 : widest(part) + 2), NARROWEST_BAR + 2);
  for (const part of firstToGo) if (width() > room) gone.add(part);
  return order.filter((part) => !gone.has(part));
}

function drawBar(ratio: number, width: number): string {
  const full = Math.floor(ratio * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}

/** 75 → `1m 15s`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${String(whole)}s`;
  if (whole < 3600) return `${String(Math.floor(whole / 60))}m ${String(whole % 60)}s`;
  return `${String(Math.floor(whole / 3600))}h ${String(Math.floor((whole % 3600) / 60))}m`;
}

/** What is needed of process.stdout or process.stderr. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const CLEAR_LINE = '\u001b[2K';
const CLEAR_BELOW = '\u001b[J';
const up = (lines: number): string => (lines === 0 ? '' : `\u001b[${String(lines)}A`);
const drawnLines = new WeakMap<Terminal, number>();

/** Draws over what was drawn before. In a pipe nothing is written. */
export function drawProgress(terminal: Terminal, jobs: readonly ProgressLine[]): void {
  if (terminal.isTTY !== true) return;
  // Some terminals say 0. The last column stays free, because some wrap when it is written to.
  const columns = terminal.columns === undefined || terminal.columns === 0 ? 80 : terminal.columns;
  const lines = renderProgress(jobs, Math.max(20, columns - 1));
  const drawn = lines.map((line) => `${CLEAR_LINE}${line}\n`).join('');
  terminal.write(`${up(drawnLines.get(terminal) ?? 0)}\r${drawn}${CLEAR_BELOW}`);
  drawnLines.set(terminal, lines.length);
}

/** Takes the bars away, so that what follows stands in their place. */
export function clearProgress(terminal: Terminal): void {
  const drawn = drawnLines.get(terminal);
  if (drawn === undefined) return;
  terminal.write(`${up(drawn)}\r${CLEAR_BELOW}`);
  drawnLines.delete(terminal);
}
