// A page in the hand of one run (invariant 5): a lease in the database that the run renews, asked again before each write.
// A process that was stopped, or cut off, finds its lease over and writes nothing more.
import { setTimeout as pause } from 'node:timers/promises';
import { PAGE_LEASE_MS } from '../rules/model/job.ts';
import type { Page } from '../rules/model/job.ts';
import type { Deps } from './ports.ts';

export interface Hold {
  readonly page: Page;
  /** Whether a request that writes may be sent at this moment. */
  readonly mayWrite: () => Promise<boolean>;
  /** Once nothing is under way for it any more. */
  release(): Promise<void>;
}

const LOOK_EVERY_MS = 500;
const RENEW_EVERY_MS = PAGE_LEASE_MS / 4;

/** Waits while another run has it: that one may be dead. `null` when nothing is left to do. */
export async function holdPage(deps: Deps, pageId: string): Promise<Hold | null> {
  const holder = deps.newId();
  for (;;) {
    const asked = performance.now();
    const page = await deps.cycles.takePage(pageId, holder);
    if (page === null) return null;
    if (page !== 'held') return holding(deps, page, asked + PAGE_LEASE_MS);
    await pause(LOOK_EVERY_MS);
  }
}

/** The lease ends at `until` at the latest, by a clock that nobody sets: the database counts from a later moment. */
function holding(deps: Deps, page: Page, until: number): Hold {
  let ends = until;
  let asking: Promise<boolean> | null = null;
  const renew = async (): Promise<boolean> => {
    const asked = performance.now();
    const kept = await deps.cycles.keepPage(page);
    ends = kept ? asked + PAGE_LEASE_MS : 0;
    return kept;
  };
  const timer = setInterval(() => void renew().catch(() => undefined), RENEW_EVERY_MS);
  return {
    page,
    async mayWrite() {
      asking ??= deps.cycles.mayWrite(page).finally(() => (asking = null));
      if (!(await asking)) return false;
      return performance.now() < ends || ((await renew()) && performance.now() < ends);
    },
    async release() {
      clearInterval(timer);
      await deps.cycles.releasePage(page).catch(() => undefined);
    },
  };
}
