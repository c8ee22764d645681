// Asking for a cycle, and reading cycles.
import { ConfigError } from '../../rules/model/errors.ts';
import type { Cycle, CycleType, Job } from '../../rules/model/job.ts';
import { decidesAlike } from '../../rules/schema/discover-directory.ts';
import { lastEvaluation } from '../last-evaluation.ts';
import { isIll } from '../../rules/safety/quarantine.ts';
import { audit } from './audit.ts';
import type { UseCaseDeps } from './deps.ts';
import { notFound } from './not-found.ts';

export interface RunCycle {
  readonly type: CycleType;
  readonly dryRun: boolean;
  readonly trigger: Cycle['trigger'];
  readonly actor: string;
}
export type RunResult =
  | { readonly kind: 'opened'; readonly cycle: Cycle }
  /** Never two at once for one job: nothing was started. */
  | { readonly kind: 'running'; readonly cycle: Cycle };

/**
 * Opens a cycle and asks a worker to begin. An incremental cycle without a watermark that still holds is an initial one.
 * Throws ConfigError CredentialsMissing to an operator; a scheduled cycle fails with that code instead and says so in the status.
 */
export async function runCycle(deps: UseCaseDeps, job: Job, request: RunCycle): Promise<RunResult> {
  if (request.trigger === 'operator') await requireCredentials(deps, job);
  const { version } = await deps.jobs.schema(job.id);
  const from = request.type === 'initial' ? null : await watermarkFor(deps, job, version);
  const result = await deps.cycles.open({
    id: deps.newId(),
    jobId: job.id,
    type: from === null ? 'initial' : 'incremental',
    dryRun: request.dryRun,
    trigger: request.trigger,
    queuedAt: deps.clock.now(),
    schemaVersion: version,
    from: from ?? 0,
    probing: !request.dryRun && isIll(job.quarantine),
  });
  if ('running' in result) return { kind: 'running', cycle: result.running };
  await deps.queue.advance(result.opened.id, 'refresh');
  if (request.trigger === 'operator') await noteRun(deps, job, result.opened, request.actor);
  return { kind: 'opened', cycle: result.opened };
}

/** The cycle that moved the watermark may have ended after another schema was saved: then it says nothing about that one. */
async function watermarkFor(deps: UseCaseDeps, job: Job, schemaVersion: number): Promise<number | null> {
  if (job.watermark === null) return null;
  const mover = await lastEvaluation(deps, job.id);
  if (mover === undefined || mover.schemaVersion === schemaVersion) return job.watermark;
  const [before, after] = await Promise.all(
    [mover.schemaVersion, schemaVersion].map((version) => deps.jobs.schemaVersion(job.id, version)),
  );
  return before !== undefined && after !== undefined && decidesAlike(before.schema, after.schema)
    ? job.watermark
    : null;
}

export async function requireCredentials(deps: UseCaseDeps, job: Job): Promise<void> {
  const { BaseAddress = '' } = await deps.secrets.get(job.servicePrincipalId);
  if (BaseAddress !== '') return;
  throw new ConfigError(
    'CredentialsMissing',
    `Job ${job.id} has no tenant URL. Save BaseAddress and SecretToken with PUT …/synchronization/secrets, then run it again.`,
    'BaseAddress',
  );
}

const noteRun = (deps: UseCaseDeps, job: Job, cycle: Cycle, actor: string): Promise<void> =>
  audit(deps, {
    actor,
    activity: 'Run cycle on demand',
    jobId: job.id,
    servicePrincipalId: job.servicePrincipalId,
    after: { cycleId: cycle.id, type: cycle.type, dryRun: cycle.dryRun },
  });

/** Throws ConfigError when it does not exist. */
export async function getCycle(deps: UseCaseDeps, id: string): Promise<Cycle> {
  const cycle = await deps.cycles.get(id);
  if (cycle === null) throw notFound('Cycle', id, 'List the cycles of its job with GET /api/jobs/{jobId}/cycles.');
  return cycle;
}

/** Newest first. */
export const listCycles = (deps: UseCaseDeps, job: Job, limit: number): Promise<readonly Cycle[]> =>
  deps.cycles.list(job.id, limit);
