// /api: cycles, which Graph has no word for.
import { z } from 'zod';
import { getCycle, listCycles, runCycle } from '../../cycle/use-cases/cycles.ts';
import { jobOf } from '../../cycle/use-cases/not-found.ts';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import { cycleTypes } from '../../rules/model/job.ts';
import { actorOf } from '../http/authenticate.ts';
import { readBody } from '../http/body.ts';
import { param } from '../http/mount.ts';
import type { Operation, Resource } from '../http/mount.ts';
import { Problem } from '../http/problem.ts';
import { cycleAnswer, cycleShape } from './cycle-shape.ts';

const newCycle = z.object({ type: z.enum(cycleTypes), dryRun: z.boolean().optional() });
const NEWEST = 100;

export const cycleRoutes = (deps: UseCaseDeps): Readonly<Record<string, Resource>> => ({
  '/jobs/:jobId/cycles': { GET: list(deps), POST: run(deps) },
  '/cycles/:cycleId': { GET: get(deps) },
});

const run = (deps: UseCaseDeps): Operation => ({
  summary: 'Run a cycle now.',
  role: 'operator',
  status: 202,
  body: newCycle,
  answer: z.strictObject({ id: z.string() }),
  handle: async (request, reply) => {
    const { type, dryRun } = readBody(newCycle, request);
    const job = await jobOf(deps, param(request, 'jobId'));
    const result = await runCycle(deps, job, {
      type,
      dryRun: dryRun ?? false,
      trigger: 'operator',
      actor: actorOf(request),
    });
    if (result.kind === 'running') throw alreadyRunning(job.id, result.cycle.id);
    reply.header('location', `/api/cycles/${result.cycle.id}`);
    return { id: result.cycle.id };
  },
});

const alreadyRunning = (jobId: string, cycleId: string): Problem =>
  new Problem({
    status: 409,
    code: 'CycleRunning',
    message: `Job ${jobId} is running cycle ${cycleId}; a job runs one cycle at a time. Wait for its end, or pause the job to stop it.`,
    target: cycleId,
  });

const list = (deps: UseCaseDeps): Operation => ({
  summary: 'List the cycles of a job, newest first.',
  role: 'reader',
  status: 200,
  answer: z.strictObject({ value: z.array(cycleAnswer) }),
  handle: async (request) => {
    const cycles = await listCycles(deps, await jobOf(deps, param(request, 'jobId')), NEWEST);
    return { value: cycles.map(cycleShape) };
  },
});

const get = (deps: UseCaseDeps): Operation => ({
  summary: 'Show a cycle with its progress and counts.',
  role: 'reader',
  status: 200,
  answer: cycleAnswer,
  handle: async (request) => cycleShape(await getCycle(deps, param(request, 'cycleId'))),
});
