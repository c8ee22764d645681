// How fast a job goes and how long it still takes, from what was seen of it in the last seconds.

export interface Pace {
  readonly ratePerSecond: number | null;
  readonly secondsLeft: number | null;
}

/** Feed it every observation in order of time (milliseconds); `null` until there is something to measure. */
export function progressMeter(windowMs = 10_000): (done: number, total: number, nowMs: number) => Pace {
  let seen: { readonly at: number; readonly done: number }[] = [];
  return (done, total, nowMs) => {
    seen = [...seen.filter(({ at }) => nowMs - at <= windowMs), { at: nowMs, done }];
    const [first] = seen;
    if (first === undefined || nowMs <= first.at || done <= first.done)
      return { ratePerSecond: null, secondsLeft: null };
    const ratePerSecond = ((done - first.done) * 1000) / (nowMs - first.at);
    return { ratePerSecond, secondsLeft: total > done ? (total - done) / ratePerSecond : null };
  };
}
