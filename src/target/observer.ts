// Who watches the requests to applications: measures them, and says which work they belong to.
import type { Method, WireReply } from './wire.ts';

/** The work that a request is sent for. */
export interface RequestIds {
  readonly jobId?: string;
  readonly cycleId?: string;
  readonly changeId?: string;
}

/** Is told of every request that was answered or given up, and of every wait that an application asked for. */
export interface TargetObserver {
  answered(request: {
    readonly jobId: string;
    readonly method: Method;
    /** Status, or what kept the answer away, e.g. `timeout`. */
    readonly code: string;
    readonly seconds: number;
    /** Share of its allowance that the application says is used; `null` when it does not say. */
    readonly budgetUsed: number | null;
  }): void;
  waited(wait: { readonly jobId: string; readonly seconds: number }): void;
}

export interface Watched {
  readonly observer: TargetObserver | null;
  readonly correlation: () => RequestIds;
}

/** The change, else the cycle: the same as in the provisioning log. */
export function correlationIdOf({ correlation }: Watched): string | null {
  const { changeId, cycleId } = correlation();
  return changeId ?? cycleId ?? null;
}

/** Tells how a request ended that began at `from`, in milliseconds of `performance.now()`. */
export function tellAnswered(
  { observer, correlation }: Watched,
  method: Method,
  from: number,
  ended: Pick<WireReply, 'headers'> & { readonly code: string },
): void {
  observer?.answered({
    jobId: correlation().jobId ?? '',
    method,
    code: ended.code,
    seconds: (performance.now() - from) / 1000,
    budgetUsed: budgetUsed(ended.headers),
  });
}

/** Waits through `pause` and tells how long it took, where it took any time. */
export async function toldWait<T>(
  { observer, correlation }: Watched,
  until: number,
  pause: () => Promise<T>,
): Promise<T> {
  const from = Date.now();
  if (until <= from) return pause();
  try {
    return await pause();
  } finally {
    observer?.waited({ jobId: correlation().jobId ?? '', seconds: (Date.now() - from) / 1000 });
  }
}

const families = ['ratelimit', 'x-ratelimit', 'x-rate-limit'] as const;

/** In [0, 1]; `null` when the application does not say both numbers. */
function budgetUsed(headers: WireReply['headers']): number | null {
  for (const family of families) {
    const [limit, remaining] = [numberOf(headers[`${family}-limit`]), numberOf(headers[`${family}-remaining`])];
    if (limit !== null && limit > 0 && remaining !== null) return Math.min(1, Math.max(0, 1 - remaining / limit));
  }
  return null;
}

/** The first number: some add the window behind it. */
function numberOf(header: string | string[] | undefined): number | null {
  const [, digits] = /^\s*(\d+(?:\.\d+)?)/.exec(Array.isArray(header) ? (header[0] ?? '') : (header ?? '')) ?? [];
  return digits === undefined ? null : Number(digits);
}
