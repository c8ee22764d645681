// The workers of one process: they take jobs and call the handlers. A handler that fails is called again; what fails for
// good leaves the queue, and whoever looks at Postgres asks for it again.
import type { Job, Processor } from 'bullmq';

import { PAGE_LEASE_MS } from '../rules/model/job.ts';
import type { CyclePhase } from '../rules/model/job.ts';
import type { Backend, WorkerHandle, WorkerOptions } from './backend.ts';
import type { DueData, PageData, QueueName, StepData } from './job-ids.ts';
import type { QueueLogger } from './outage-log.ts';

export interface Handlers {
  advance(cycleId: string, phase: CyclePhase): Promise<void>;
  page(pageId: string): Promise<void>;
  /** The time of a job has come. */
  due(jobId: string): Promise<void>;
}

/**
 * A worker that died holds its jobs for at most a lock and a look; its jobs are then taken by another. One that was only slow
 * loses nothing but its time: Postgres decides who has a page in hand.
 */
const alive = { lockDuration: PAGE_LEASE_MS, stalledInterval: PAGE_LEASE_MS / 3, maxStalledCount: 1_000 };

export async function startWorkers(
  backend: Backend,
  handlers: Handlers,
  concurrency: number,
  logger: QueueLogger | null,
): Promise<{ close(): Promise<void> }> {
  const processors: Readonly<Record<QueueName, Processor>> = {
    cycles: ({ data }: Job<StepData>) => handlers.advance(data.cycleId, data.phase),
    pages: ({ data }: Job<PageData>) => handlers.page(data.pageId),
    schedule: ({ data }: Job<DueData>) => handlers.due(data.jobId),
  };
  const options: WorkerOptions = { ...alive, concurrency };
  const started = await Promise.allSettled(
    Object.entries(processors).map(([name, processor]) => backend.worker(name as QueueName, processor, options)),
  );
  const workers = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const failure = started.find((each) => each.status === 'rejected');
  if (failure !== undefined) {
    await closeAll(workers);
    throw failure.reason;
  }
  for (const { worker } of workers) worker.on('failed', (job, error) => noteFailure(logger, job, error));
  return { close: () => closeAll(workers) };
}

const closeAll = async (workers: readonly WorkerHandle[]): Promise<void> => {
  await Promise.all(workers.map((worker) => worker.close()));
};

function noteFailure(logger: QueueLogger | null, job: Job | undefined, error: Error): void {
  const attempts = job?.opts.attempts ?? 1;
  const last = job === undefined || job.attemptsMade >= attempts;
  const fields = {
    err: error,
    queue: job?.queueName,
    data: job?.data as object | undefined,
    attempt: job?.attemptsMade,
    attempts,
  };
  if (last) logger?.error(fields, 'a job failed for good; it is asked for again when its cycle is resumed');
  else logger?.warn(fields, 'a job failed and is tried again');
}
