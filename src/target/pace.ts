// How long to leave an application alone: a pause that it asks for is kept by everybody who talks to it, and a page
// waits only so long in all.

/** Shared by all sessions of one application and credential. */
export interface Pace {
  /** Milliseconds since 1970; 0 = no pause. */
  until: number;
}
/** One session's own. */
export interface Patience {
  leftMs: number;
  /** Until when it has waited already: waits at the same time count once. */
  waitedTo: number;
}
interface Waiting {
  readonly pace: Pace;
  readonly patience: Patience;
  readonly wait: (ms: number) => Promise<void>;
}

const PATIENCE_MS = 120_000;
/** An application that asks for more is asked again after this. */
const LONGEST_PAUSE_MS = 300_000;

export const newPatience = (): Patience => ({ leftMs: PATIENCE_MS, waitedTo: 0 });

export function askForPause(pace: Pace, ms: number, now: number): void {
  pace.until = Math.max(pace.until, now + Math.min(ms, LONGEST_PAUSE_MS));
}

/** Waits for the end of the pause; false, without waiting, when that takes longer than the session has patience for. */
export async function untilPauseEnds({ pace, patience, wait }: Waiting, now: number): Promise<boolean> {
  const { until } = pace;
  if (until <= now) return true;
  const more = Math.max(0, until - Math.max(now, patience.waitedTo));
  if (more > patience.leftMs) return false;
  patience.leftMs -= more;
  patience.waitedTo = Math.max(patience.waitedTo, until);
  await wait(until - now);
  if (pace.until === until) pace.until = 0;
  return true;
}
