// What one process does for the engine: work at pages, schedule cycles, answer HTTP. `start` does all of it.
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from './engine.ts';
import { deliverDue } from '../cycle/notifications/deliver.ts';
import { warnOfExpiry } from '../cycle/notifications/warn-of-expiry.ts';
import { processPage } from '../cycle/process-page.ts';
import { contextCache } from '../cycle/run-context.ts';
import { advanceCycle, resumeCycles, standingStill } from '../cycle/run-cycle.ts';
import { ownExpiries } from './own-expiries.ts';
import { tendQuarantines } from '../cycle/use-cases/tend-quarantines.ts';
import { rescheduleOverdue, runDueCycle, scheduleJobs } from '../cycle/use-cases/schedule.ts';

const PAGES_AT_ONCE = 4;
const RESUME_EVERY_MS = 60_000;
/** Whoever follows events can be away so long without missing any. */
const FEED_KEPT_MS = 24 * 3_600_000;
const ALIVE_EVERY_MS = 10_000;
const NOTIFY_EVERY_MS = 5_000;
const DAY_MS = 86_400_000;
const NOTIFICATIONS_KEPT_DAYS = 90;

interface Role {
  close(): Promise<void>;
}

export async function startWorker({ deps, queue }: Engine): Promise<Role> {
  const contextOf = contextCache(deps);
  return queue.work(
    {
      advance: (cycleId, phase) => advanceCycle(deps, cycleId, phase),
      page: (pageId) => processPage(deps, contextOf, pageId),
      due: (jobId) => runDueCycle(deps, jobId),
    },
    { concurrency: PAGES_AT_ONCE },
  );
}

/** Keeps every active job scheduled, takes up cycles that nobody works at any more, and does once a day what days need. */
export async function startScheduler({ deps, logger, settings }: Engine): Promise<Role> {
  await scheduleJobs(deps);
  await resumeCycles(deps);
  const still = standingStill();
  const lookAfter = async (): Promise<void> => {
    await resumeCycles(deps, still);
    await tendQuarantines(deps);
    await rescheduleOverdue(deps);
    await deps.feed.trim(new Date(deps.clock.now().getTime() - FEED_KEPT_MS));
  };
  const daily = async (): Promise<void> => {
    await warnOfExpiry(deps, await ownExpiries(settings));
    await deps.events.forgetOlderThan(NOTIFICATIONS_KEPT_DAYS);
  };
  const every = (ms: number, work: () => Promise<void>, trouble: string) =>
    setInterval(() => void work().catch((error: unknown) => logger.warn({ err: error }, trouble)), ms);
  const timers = [
    every(
      RESUME_EVERY_MS,
      lookAfter,
      'unfinished cycles and lost timers could not be looked after; tried again in a minute',
    ),
    every(DAY_MS, daily, DAILY_TROUBLE),
  ];
  await daily().catch((error: unknown) => logger.warn({ err: error }, DAILY_TROUBLE));
  return {
    close: () => {
      for (const timer of timers) clearInterval(timer);
      return Promise.resolve();
    },
  };
}
const DAILY_TROUBLE = 'credentials that expire could not be looked for; tried again in a day';

/** Sends what people are to be told. Nothing waits for it. */
export function startNotifier({ deps, logger }: Engine): Role {
  const stop = new AbortController();
  const turns = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await deliverDue(deps, { stopped: stop.signal }).catch((error: unknown) =>
        logger.warn({ err: error }, 'notifications could not be looked after; tried again in some seconds'),
      );
      await sleep(NOTIFY_EVERY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  const ended = turns();
  return {
    close: () => {
      stop.abort();
      return ended;
    },
  };
}

/** Touches a file while the database answers, for the health check of a container. */
export function startHeartbeat({ store, logger }: Engine): Role {
  const file = join(tmpdir(), 'provisor-alive');
  const beat = (): void => {
    store
      .ping()
      .then(() => writeFile(file, new Date().toISOString()))
      .catch((error: unknown) => {
        logger.warn({ err: error }, 'the database does not answer');
      });
  };
  beat();
  const timer = setInterval(beat, ALIVE_EVERY_MS);
  return {
    close: () => {
      clearInterval(timer);
      return Promise.resolve();
    },
  };
}
