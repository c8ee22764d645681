// Queues, flows and schedulers of BullMQ; nothing else knows of them. Jobs carry ids only and Postgres is the truth:
// everything here can be lost and asked for again.
import type { FlowJob, Job, JobsOptions } from 'bullmq';

import { ConfigError } from '../rules/model/errors.ts';
import type { CyclePhase } from '../rules/model/job.ts';
import type { Backend, FlowHandle, QueueHandle } from './backend.ts';
import { postgresBackend, redisBackend } from './backend.ts';
import type { QueueName, StepData } from './job-ids.ts';
import { afterPagesId, pageJobId, scheduleId, stepId } from './job-ids.ts';
import type { QueueLogger } from './outage-log.ts';
import { outageLog } from './outage-log.ts';
import type { Handlers } from './workers.ts';
import { startWorkers } from './workers.ts';

export interface QueueOptions {
  /** When given, the queue lives in Redis, otherwise in PostgreSQL. */
  readonly redisUrl?: string;
  readonly databaseUrl?: string;
  /** Schema in PostgreSQL; default `bullmq`. */
  readonly schema?: string;
  /** Prefix of keys in Redis; default `provisor`. */
  readonly prefix?: string;
  readonly now?: () => Date;
  readonly logger?: QueueLogger;
}

export interface QueueDepth {
  readonly queue: QueueName;
  readonly state: string;
  readonly count: number;
}

export interface ProvisorQueue {
  /** Asks a worker to take the cycle one step further. A second request for the same step is dropped until it ended. */
  advance(cycleId: string, phase: CyclePhase): Promise<void>;
  /** Spreads pages over the workers; when all have ended, done or failed for good, the cycle advances from `phase`. */
  pages(cycleId: string, phase: CyclePhase, pageIds: readonly string[]): Promise<void>;
  /** Calls `due` every interval, first at `startAt`, at once when that is past. Replaces an earlier schedule. */
  schedule(jobId: string, intervalSeconds: number, startAt: Date): Promise<void>;
  unschedule(jobId: string): Promise<void>;
  /** How many jobs stand where, in every queue. */
  depths(): Promise<readonly QueueDepth[]>;
  /** Takes work in this process until closed; closing waits for the jobs under way. */
  work(handlers: Handlers, options: { readonly concurrency: number }): Promise<{ close(): Promise<void> }>;
  close(): Promise<void>;
}

const states = ['waiting', 'active', 'delayed', 'waiting-children', 'failed'] as const;

async function depthsOf([queue, handle]: readonly [QueueName, QueueHandle]): Promise<readonly QueueDepth[]> {
  const counts = await handle.queue.getJobCounts(...states);
  return states.map((state) => ({ queue, state, count: counts[state] ?? 0 }));
}

/** Jobs leave the queue when they end, so that the same id can be asked for again. */
const leaving: JobsOptions = { removeOnComplete: true, removeOnFail: true };
const retried: JobsOptions = { ...leaving, attempts: 3, backoff: { type: 'exponential', delay: 1_000 } };

/** Throws ConfigError when the backend cannot be reached. */
export async function openQueue(options: QueueOptions): Promise<ProvisorQueue> {
  const { now = () => new Date(), logger = null } = options;
  const backend = await openBackend(options, outageLog(logger, now));
  const handles = await Promise.all([backend.queue('cycles'), backend.queue('schedule'), backend.flows()]);
  const [cycles, schedules, flows] = handles;
  // Pages are only added by flows: their queue is opened when somebody wants to count them.
  let pages: Promise<QueueHandle> | null = null;
  const counted = async (): Promise<readonly (readonly [QueueName, QueueHandle])[]> => [
    ['cycles', cycles],
    ['pages', await (pages ??= backend.queue('pages'))],
    ['schedule', schedules],
  ];
  const working = new Set<{ close(): Promise<void> }>();
  return {
    advance: (cycleId, phase) => addStep(cycles, { cycleId, phase }),
    pages: (cycleId, phase, pageIds) => addPages(cycles, flows, { cycleId, phase }, pageIds),
    async schedule(jobId, intervalSeconds, startAt) {
      const startDate = Math.max(startAt.getTime(), now().getTime());
      const job = { name: 'due', data: { jobId }, opts: retried };
      await schedules.queue.removeJobScheduler(scheduleId(jobId));
      await schedules.queue.upsertJobScheduler(scheduleId(jobId), { every: intervalSeconds * 1_000, startDate }, job);
    },
    async unschedule(jobId) {
      await schedules.queue.removeJobScheduler(scheduleId(jobId));
    },
    depths: async () => (await Promise.all((await counted()).map(depthsOf))).flat(),
    async work(handlers, { concurrency }) {
      const workers = await startWorkers(backend, handlers, concurrency, logger);
      working.add(workers);
      return workers;
    },
    async close() {
      await Promise.all([...working].map((workers) => workers.close()));
      await Promise.all([...handles, ...(pages === null ? [] : [await pages])].map((handle) => handle.close()));
      await backend.close();
    },
  };
}

function openBackend(options: QueueOptions, onError: (error: Error) => void): Promise<Backend> {
  const { redisUrl, databaseUrl, schema = 'bullmq', prefix = 'provisor' } = options;
  if (redisUrl !== undefined) return redisBackend(redisUrl, prefix, onError);
  if (databaseUrl !== undefined) return postgresBackend(databaseUrl, schema, onError);
  throw new ConfigError('QueueUnreachable', 'The queue needs REDIS_URL or DATABASE_URL.', 'DATABASE_URL');
}

async function addStep({ queue }: QueueHandle, step: StepData): Promise<void> {
  await queue.add('advance', step, { ...retried, jobId: stepId(step) });
}

async function addPages(
  cycles: QueueHandle,
  { flows }: FlowHandle,
  step: StepData,
  pageIds: readonly string[],
): Promise<void> {
  if (pageIds.length === 0) return addStep(cycles, step);
  const flow: FlowJob = {
    name: 'advance',
    queueName: 'cycles',
    data: step,
    opts: { ...retried, jobId: await freeParentId(cycles, step) },
    children: pageIds.map((pageId) => ({
      name: 'page',
      queueName: 'pages',
      data: { pageId },
      opts: { ...retried, jobId: pageJobId(pageId), ignoreDependencyOnFailure: true },
    })),
  };
  await flows.add(flow);
}

/**
 * The id for the step after the pages. A step that still waits for pages asked for earlier is replaced: a page can only
 * be waited for by one, and it may wait for one that the queue has lost. A step that runs right now stays.
 */
async function freeParentId({ queue }: QueueHandle, step: StepData): Promise<string> {
  const ids = [afterPagesId(step), `${afterPagesId(step)}.again`];
  const free: string[] = [];
  for (const id of ids) {
    const former = await queue.getJob(id);
    const running = former !== undefined && !(await removed(former));
    if (!running) free.push(id);
  }
  const [id] = free;
  if (id === undefined) throw new Error(`Step ${step.phase} of cycle ${step.cycleId} runs twice already.`);
  return id;
}

/** `false` for a job that a worker has in hand; one may take it, or be about to let go of it, while it is removed. */
async function removed(job: Job): Promise<boolean> {
  if (await job.isActive()) return false;
  return job.remove({ removeChildren: false }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Error && error.message.includes('locked')) return false;
      throw error;
    },
  );
}
