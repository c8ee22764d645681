// How many requests a second a service takes: a bucket that holds one second's worth and fills steadily.
export interface RateLimit {
  /** Seconds to wait, at least 1; 0 when the request may pass. */
  take(requestsPerSecond: number): number;
}

/** `now` in milliseconds. */
export function createRateLimit(now: () => number): RateLimit {
  let left = Number.POSITIVE_INFINITY;
  let at = now();
  return {
    take(requestsPerSecond) {
      if (requestsPerSecond === 0) return 0;
      const present = now();
      left = Math.min(requestsPerSecond, left + ((present - at) / 1000) * requestsPerSecond);
      at = present;
      if (left < 1) return Math.max(1, Math.ceil((1 - left) / requestsPerSecond));
      left -= 1;
      return 0;
    },
  };
}
