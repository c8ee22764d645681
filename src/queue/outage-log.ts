// Tells of errors of the queue's connections once per outage: clients report each of their many attempts.
export interface QueueLogger {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Attempts of one outage follow each other faster than this. */
const QUIET_MS = 60_000;

export function outageLog(logger: QueueLogger | null, now: () => Date): (error: Error) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (error) => {
    const at = now().getTime();
    const same = at - last < QUIET_MS;
    last = at;
    if (!same) logger?.warn({ err: error }, 'the queue cannot be reached; work goes on as soon as it can');
  };
}
