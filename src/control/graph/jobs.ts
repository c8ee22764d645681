// …/synchronization/jobs: the life of a job over HTTP.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { pauseJob, restartJob, startJob } from '../../cycle/use-cases/job-life-cycle.ts';
import { jobStatus } from '../../cycle/use-cases/job-status.ts';
import { createJob, deleteJob, listJobs, patchJob } from '../../cycle/use-cases/jobs.ts';
import type { ChangeJob } from '../../cycle/use-cases/jobs.ts';
import { jobOf, requireServicePrincipal } from '../../cycle/use-cases/not-found.ts';
import { readRestartScope } from '../../cycle/use-cases/restart-scope.ts';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import { ConfigError } from '../../rules/model/errors.ts';
import type { Job } from '../../rules/model/job.ts';
import { actorOf } from '../http/authenticate.ts';
import { readBody } from '../http/body.ts';
import { param } from '../http/mount.ts';
import type { Operation, Resource } from '../http/mount.ts';
import { collection, collectionOf, entity, entityOf, plainCount, plainText } from './collection.ts';
import { entityQuery, listQuery } from './query-options.ts';
import { graphRoot, servicePrincipalId, synchronizationFragment } from './paths.ts';
import { synchronizationJob } from './resources/job.ts';
import { parseDuration } from '../../rules/model/duration.ts';
import { jobShape } from './shapes/job.ts';

const newJob = z.object({ templateId: z.string().min(1) });
const nameValue = z.object({ name: z.string().min(1), value: z.string().nullable() });
const jobChange = z.object({
  templateId: z.string().nullish(),
  synchronizationJobSettings: z.array(nameValue).optional(),
  schedule: z.object({ interval: z.string().optional(), state: z.string().optional() }).optional(),
});
const resetScope = z.union([z.string(), z.number(), z.array(z.string()), z.null()]).optional();
const restart = z.object({ criteria: z.object({ resetScope }).nullish(), resetScope });

export const jobOfPath = async (deps: UseCaseDeps, request: FastifyRequest): Promise<Job> =>
  jobOf(deps, param(request, 'jobId'), await servicePrincipalId(deps, request));

export function jobRoutes(deps: UseCaseDeps, root: string): Readonly<Record<string, Resource>> {
  return {
    [`${root}/jobs`]: { GET: list(deps), POST: create(deps) },
    [`${root}/jobs/$count`]: { GET: count(deps) },
    [`${root}/jobs/:jobId`]: { GET: get(deps), PATCH: patch(deps), DELETE: remove(deps) },
    [`${root}/jobs/:jobId/start`]: { POST: act('Start a job, or lift its quarantine.', deps, startJob) },
    [`${root}/jobs/:jobId/pause`]: { POST: act('Pause a job; it keeps its place.', deps, pauseJob) },
    [`${root}/jobs/:jobId/restart`]: { POST: restartOperation(deps) },
  };
}

const list = (deps: UseCaseDeps): Operation => ({
  summary: 'List the jobs of an application.',
  role: 'reader',
  status: 200,
  answer: collectionOf(synchronizationJob),
  query: listQuery,
  handle: async (request) => {
    const owner = await servicePrincipalId(deps, request);
    const statuses = await Promise.all((await jobsOf(deps, owner)).map((job) => jobStatus(deps, job)));
    return collection(request, synchronizationFragment(owner, 'jobs'), synchronizationJob, statuses.map(jobShape));
  },
});

async function jobsOf(deps: UseCaseDeps, owner: string): Promise<readonly Job[]> {
  const jobs = await listJobs(deps, owner);
  if (jobs.length === 0) await requireServicePrincipal(deps, owner);
  return jobs;
}

const count = (deps: UseCaseDeps): Operation => ({
  summary: 'Count the jobs of an application.',
  role: 'reader',
  status: 200,
  answer: plainText,
  handle: async (request, reply) =>
    plainCount(reply, (await jobsOf(deps, await servicePrincipalId(deps, request))).length),
});

const create = (deps: UseCaseDeps): Operation => ({
  summary: 'Create a job from a template. It is created disabled.',
  role: 'admin',
  status: 201,
  body: newJob,
  answer: entityOf(synchronizationJob),
  query: entityQuery,
  handle: async (request, reply) => {
    const { templateId } = readBody(newJob, request);
    const owner = await servicePrincipalId(deps, request);
    const job = await createJob(deps, { servicePrincipalId: owner, templateId, actor: actorOf(request) });
    reply.header('location', `${graphRoot(request)}/servicePrincipals/${owner}/synchronization/jobs/${job.id}`);
    return shown(deps, request, job);
  },
});

const get = (deps: UseCaseDeps): Operation => ({
  summary: 'Show a job with its status.',
  role: 'reader',
  status: 200,
  answer: entityOf(synchronizationJob),
  query: entityQuery,
  handle: async (request) => shown(deps, request, await jobOfPath(deps, request)),
});

const shown = async (deps: UseCaseDeps, request: FastifyRequest, job: Job) =>
  entity(
    request,
    synchronizationFragment(job.servicePrincipalId, 'jobs/$entity'),
    synchronizationJob,
    jobShape(await jobStatus(deps, job)),
  );

const patch = (deps: UseCaseDeps): Operation => ({
  summary: 'Change settings or the interval of a job.',
  role: 'admin',
  status: 204,
  body: jobChange,
  handle: async (request) => {
    const change = readBody(jobChange, request);
    const job = await jobOfPath(deps, request);
    await patchJob(deps, job, changeFrom(change, job, actorOf(request)));
  },
});

function changeFrom(
  { schedule, synchronizationJobSettings, templateId }: z.output<typeof jobChange>,
  job: Job,
  actor: string,
): ChangeJob {
  if (schedule?.state !== undefined && schedule.state !== job.scheduleState)
    throw new ConfigError(
      'Request_BadRequest',
      'The state of a schedule is changed by POST …/start and …/pause.',
      'schedule/state',
    );
  if ((templateId ?? job.templateId) !== job.templateId)
    throw new ConfigError(
      'Request_BadRequest',
      'The template of a job cannot be changed. Create another job from that template.',
      'templateId',
    );
  return {
    actor,
    ...(schedule?.interval === undefined
      ? {}
      : { intervalSeconds: readInterval(schedule.interval, 'schedule/interval') }),
    ...(synchronizationJobSettings === undefined
      ? {}
      : { settings: Object.fromEntries(synchronizationJobSettings.map(({ name, value }) => [name, value])) }),
  };
}

/** Not more than BullMQ's schedulers and a 32-bit column can keep. */
const LONGEST_INTERVAL = 365 * 86_400;
/** In seconds. Throws ConfigError that names `target`. */
export function readInterval(text: string, target: string): number {
  const seconds = parseDuration(text);
  if (seconds !== null && seconds > 0 && seconds <= LONGEST_INTERVAL) return seconds;
  throw new ConfigError(
    'Request_BadRequest',
    `'${text}' is no interval. Use an ISO-8601 duration of whole seconds up to a year, such as PT40M.`,
    target,
  );
}

const remove = (deps: UseCaseDeps): Operation => ({
  summary: 'Delete a job and its state. Accounts in the application stay as they are.',
  role: 'admin',
  status: 204,
  handle: async (request) => deleteJob(deps, await jobOfPath(deps, request), actorOf(request)),
});

const act = (
  summary: string,
  deps: UseCaseDeps,
  verb: (deps: UseCaseDeps, job: Job, actor: string) => Promise<void>,
): Operation => ({
  summary,
  role: 'operator',
  status: 204,
  handle: async (request) => verb(deps, await jobOfPath(deps, request), actorOf(request)),
});

const restartOperation = (deps: UseCaseDeps): Operation => ({
  summary: 'Restart a job, forgetting what resetScope names.',
  role: 'operator',
  status: 204,
  body: restart,
  handle: async (request) => {
    const { criteria, resetScope: unnested } = readBody(restart, request);
    const scopes = readRestartScope(criteria?.resetScope ?? unnested);
    await restartJob(deps, await jobOfPath(deps, request), scopes, actorOf(request));
  },
});
