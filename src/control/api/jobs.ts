// /api/jobs: all jobs of all applications, with names and the cycle that runs.
import { z } from 'zod';
import { jobStatus } from '../../cycle/use-cases/job-status.ts';
import type { JobStatus } from '../../cycle/use-cases/job-status.ts';
import { listJobs } from '../../cycle/use-cases/jobs.ts';
import { jobOf } from '../../cycle/use-cases/not-found.ts';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import { disabledAt } from '../../rules/safety/quarantine.ts';
import type { Job } from '../../rules/model/job.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import { synchronizationJob } from '../graph/resources/job.ts';
import { jobShape } from '../graph/shapes/job.ts';
import { param } from '../http/mount.ts';
import type { Operation, Resource } from '../http/mount.ts';
import { cycleAnswer, cycleShape } from './cycle-shape.ts';

const exchange = z
  .strictObject({
    method: z.string(),
    url: z.string(),
    status: z.int().nullable(),
    headers: z.record(z.string(), z.string()),
    body: z.string(),
  })
  .meta({ id: 'failedExchange' });
const overview = synchronizationJob
  .safeExtend({
    displayName: z.string().nullable(),
    servicePrincipalId: z.string(),
    tenantId: z.string(),
    createdAt: z.iso.datetime(),
    escrows: z.int().min(0),
    held: z.int().min(0),
    failedExchange: exchange.nullable().describe('What showed the trouble of a job in quarantine.'),
    disabledAt: z.iso.datetime().nullable().describe('When a job that stays in quarantine is disabled.'),
    currentCycle: cycleAnswer.nullable(),
  })
  .meta({ id: 'jobOverview' });

export const jobsOverview = (deps: UseCaseDeps): Readonly<Record<string, Resource>> => ({
  '/jobs': { GET: list(deps) },
  '/jobs/:jobId': { GET: get(deps) },
});

const list = (deps: UseCaseDeps): Operation => ({
  summary: 'List the jobs of all applications with their status.',
  role: 'reader',
  status: 200,
  answer: z.strictObject({ value: z.array(overview) }),
  handle: async () => ({ value: await Promise.all((await listJobs(deps)).map((job) => shown(deps, job))) }),
});

const get = (deps: UseCaseDeps): Operation => ({
  summary: 'Show a job of any application with its status.',
  role: 'reader',
  status: 200,
  answer: overview,
  handle: async (request) => shown(deps, await jobOf(deps, param(request, 'jobId'))),
});

const shown = async (deps: UseCaseDeps, job: Job): Promise<JsonObject> => {
  const [status, name] = await Promise.all([jobStatus(deps, job), applicationName(deps, job)]);
  return overviewShape(status, name);
};

/** As the last refresh read it; `null` before the first one. */
const applicationName = async (deps: UseCaseDeps, { tenantId, servicePrincipalId }: Job): Promise<string | null> =>
  (await deps.provisioning.servicePrincipal(tenantId, servicePrincipalId))?.displayName ?? null;

const overviewShape = (status: JobStatus, displayName: string | null): JsonObject => ({
  ...jobShape(status),
  displayName,
  servicePrincipalId: status.job.servicePrincipalId,
  tenantId: status.job.tenantId,
  createdAt: status.job.createdAt.toISOString(),
  escrows: status.escrows,
  held: status.held,
  failedExchange: (status.job.quarantine?.error?.exchange ?? null) as JsonObject | null,
  disabledAt: disabledAt(status.job)?.toISOString() ?? null,
  currentCycle: status.current && cycleShape(status.current),
});
