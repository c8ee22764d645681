// Failed attempts to sign in, counted by where they come from in windows of a minute. Held by this process only: with
// several of them each has its own count.
export interface FailureLimit {
  /** Seconds until one of the sources may try again; 0: now. */
  wait(sources: readonly Source[]): number;
  failed(sources: readonly Source[]): void;
}
export interface Source {
  readonly name: string;
  /** Failures in a window. */
  readonly most: number;
}

const WINDOW_MS = 60_000;
/** An attacker with many addresses must not fill the memory. */
const MOST_SOURCES = 10_000;

export function failureLimit(now: () => Date): FailureLimit {
  const windows = new Map<string, { readonly endsAt: number; count: number }>();
  const open = (name: string) => {
    const window = windows.get(name);
    if (window !== undefined && window.endsAt > now().getTime()) return window;
    windows.delete(name);
    return null;
  };
  const begin = (name: string): void => {
    const [oldest] = windows.keys();
    if (windows.size >= MOST_SOURCES && oldest !== undefined) windows.delete(oldest);
    windows.set(name, { endsAt: now().getTime() + WINDOW_MS, count: 1 });
  };
  return {
    wait: (sources) =>
      Math.max(
        0,
        ...sources.map(({ name, most }) => {
          const window = open(name);
          return window === null || window.count < most ? 0 : Math.ceil((window.endsAt - now().getTime()) / 1_000);
        }),
      ),
    failed(sources) {
      for (const { name } of sources) {
        const window = open(name);
        if (window === null) begin(name);
        else window.count += 1;
      }
    },
  };
}
