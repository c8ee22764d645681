// What one process does for the engine: work at pages, schedule cycles, answer HTTP. `start` does all of it.
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from './engine.ts';
import { processPage } from '../cycle/process-page.ts';
import { contextCache } from '../cycle/run-context.ts';
import { advanceCycle, resumeCycles, standingStill } from '../cycle/run-cycle.ts';
import { rescheduleOverdue, runDueCycle, scheduleJobs } from '../cycle/use-cases/schedule.ts';

const PAGES_AT_ONCE = 4;
const RESUME_EVERY_MS = 60_000;
/** Whoever follows events can be away so long without missing any. */
const FEED_KEPT_MS = 24 * 3_600_000;
const ALIVE_EVERY_MS = 10_000;

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

/** Keeps every active job scheduled, and takes up cycles that nobody works at any more. */
export async function startScheduler({ deps, logger }: Engine): Promise<Role> {
  await scheduleJobs(deps);
  await resumeCycles(deps);
  const still = standingStill();
  const lookAfter = async (): Promise<void> => {
    await resumeCycles(deps, still);
    await rescheduleOverdue(deps);
    await deps.feed.trim(new Date(deps.clock.now().getTime() - FEED_KEPT_MS));
  };
  const timer = setInterval(() => {
    lookAfter().catch((error: unknown) => {
      logger.warn(
        { err: error },
        'unfinished cycles and lost timers could not be looked after; tried again in a minute',
      );
    });
  }, RESUME_EVERY_MS);
  return {
    close: () => {
      clearInterval(timer);
      return Promise.resolve();
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
