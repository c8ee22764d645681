// /api: what an application understands, found out on canary accounts with the caller's consent.
import { z } from 'zod';
import type { UseCaseDeps } from '../../cycle/use-cases/deps.ts';
import { jobOf } from '../../cycle/use-cases/not-found.ts';
import { keepProbed, probeTarget } from '../../cycle/use-cases/probe.ts';
import type { JsonObject } from '../../rules/model/json.ts';
import { readKnobs } from '../../rules/scim/read-knobs.ts';
import { actorOf } from '../http/authenticate.ts';
import { readBody } from '../http/body.ts';
import { param } from '../http/mount.ts';
import type { Operation, Resource } from '../http/mount.ts';

const consent = z.object({ consent: z.literal(true) });
const kept = z.object({ found: z.record(z.string(), z.json()) });

const knobs = z.record(z.string(), z.json());
const probed = z.strictObject({
  rows: z.array(
    z.strictObject({
      step: z.string(),
      result: z.enum(['works', 'works otherwise', 'does not work']),
      detail: z.string(),
    }),
  ),
  found: knobs,
  left: z.array(z.string()).describe('Canary accounts that could not be deleted again.'),
});

export const probeRoutes = (deps: UseCaseDeps): Readonly<Record<string, Resource>> => ({
  '/jobs/:jobId/probe': { POST: probe(deps), PUT: keep(deps) },
});

const probe = (deps: UseCaseDeps): Operation => ({
  summary: 'Find out on canary accounts, which are deleted again, what the application understands.',
  role: 'operator',
  status: 200,
  body: consent,
  answer: probed,
  handle: async (request) => {
    readBody(consent, request);
    const { rows, found, left } = await probeTarget(deps, await jobOf(deps, param(request, 'jobId')));
    return { rows: rows.map((row) => ({ ...row })), found: found as JsonObject, left };
  },
});

const keep = (deps: UseCaseDeps): Operation => ({
  summary: 'Let the job speak what a probe found.',
  role: 'admin',
  status: 200,
  body: kept,
  answer: z.strictObject({ found: knobs }),
  handle: async (request) => {
    const { found } = readBody(kept, request);
    const job = await jobOf(deps, param(request, 'jobId'));
    const changed = await keepProbed(deps, job, readKnobs(found), actorOf(request));
    return { found: changed.dialect.found as JsonObject };
  },
});
