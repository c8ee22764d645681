// The dependencies of pages of a cycle, on a real store and real targets.
import type { Deps, Targets } from '../../src/cycle/ports.ts';
import { fingerprinter } from '../../src/store/secrets/fingerprint.ts';
import type { Store } from '../../src/store/open-store.ts';

/** What the cycle needs, on a real store and real targets; nothing is read and nothing is queued. */
export function cycleDeps(store: Store, targets: Targets): Deps {
  let made = 0;
  return {
    clock: { now: () => new Date() },
    newId: () => `id-${String((made += 1))}-${String(Date.now())}`,
    random: () => 0.5,
    fingerprint: fingerprinter(Buffer.alloc(32, 7)),
    directory: {
      refresh: () => Promise.reject(new Error('nothing is read here')),
      servicePrincipal: () => Promise.resolve(null),
      readObjects: () => Promise.reject(new Error('nothing is read here')),
    },
    targets,
    jobs: store.jobs,
    secrets: store.secrets,
    cycles: store.cycles,
    provisioning: store.provisioning,
    escrows: store.escrows,
    held: store.held,
    listings: store.listings,
    links: store.links,
    logs: store.logs,
    feed: store.feed,
    events: store.events,
    logger: { info: () => undefined, warn: () => undefined },
    queue: {
      advance: () => Promise.resolve(),
      pages: () => Promise.resolve(),
      schedule: () => Promise.resolve(),
      unschedule: () => Promise.resolve(),
    },
  };
}
