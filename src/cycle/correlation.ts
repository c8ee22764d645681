// What belongs together: the ids of the cycle, the page, the change and the request that a piece of work is done for. They
// stand in every log line, in the provisioning log and in the requests to applications, so that one leads to the other.
import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';

export interface Correlation {
  readonly jobId?: string;
  readonly cycleId?: string;
  readonly pageId?: string;
  readonly changeId?: string;
  /** Of the request to our API, and what its client calls it. */
  readonly requestId?: string;
  readonly clientRequestId?: string;
}

const storage = new AsyncLocalStorage<Correlation>();

/** Of the work that is being done now; empty outside of any. */
export const correlation = (): Correlation => storage.getStore() ?? {};

/** Does `work` under these ids, added to those that hold already. */
export const correlated = <T>(ids: Correlation, work: () => T): T => storage.run({ ...correlation(), ...ids }, work);

/** Does `work` as what the present cycle changes about this source object. */
export function aboutObject<T>(sourceId: string, work: () => T): T {
  const { cycleId } = correlation();
  return cycleId === undefined ? work() : correlated({ changeId: changeIdOf(cycleId, sourceId) }, work);
}

/** One id for all that a cycle does to one object; a page that is done again after a crash finds the same. */
export function changeIdOf(cycleId: string, sourceId: string): string {
  const hex = createHash('sha256').update(`${cycleId} ${sourceId}`).digest('hex');
  const variant = ((parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
