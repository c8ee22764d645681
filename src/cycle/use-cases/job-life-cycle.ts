// Start, pause and restart: what each resets, and that a started job's first cycle begins at once.
import type { Job } from '../../rules/model/job.ts';
import type { Forgettable, JobPatch } from '../../rules/model/records.ts';
import { askAgain } from '../run-cycle.ts';
import { audit } from './audit.ts';
import { afterEvent } from '../../rules/safety/quarantine.ts';
import type { UseCaseDeps } from './deps.ts';
import { approveAllHeld } from './held.ts';
import type { RestartScope } from './restart-scope.ts';
import { stopUnfinished } from './stop-cycle.ts';

/** Lifts a quarantine and goes on with the cycle that a pause stopped. A job that is running and well is left alone. */
export async function startJob(deps: UseCaseDeps, job: Job, actor: string): Promise<void> {
  if (job.scheduleState === 'Active' && job.quarantine === null) return;
  const { patch, tells } = afterEvent(job, { kind: 'start' }, deps.clock.now());
  await deps.jobs.update(job.id, patch, tells);
  const stopped = await deps.cycles.goOn(job.id);
  if (stopped !== null) await askAgain(deps, stopped);
  await deps.queue.schedule(job.id, job.intervalSeconds, deps.clock.now());
  await note(deps, job, actor, 'Enable/start provisioning configuration');
}

/** Stops between two objects and keeps its place: a start carries on from there. */
export async function pauseJob(deps: UseCaseDeps, job: Job, actor: string): Promise<void> {
  const { patch, tells } = afterEvent(job, { kind: 'pause' }, deps.clock.now());
  await deps.jobs.update(job.id, patch, tells);
  await deps.queue.unschedule(job.id);
  await deps.cycles.stop(job.id, { at: deps.clock.now(), toGoOn: true });
  await note(deps, job, actor, 'Disable/pause provisioning configuration');
}

/** Ends a running cycle, resets what `scopes` says and starts the job; no account in the application is touched. */
export async function restartJob(
  deps: UseCaseDeps,
  job: Job,
  scopes: ReadonlySet<RestartScope>,
  actor: string,
): Promise<void> {
  await deps.queue.unschedule(job.id);
  await stopUnfinished(deps, job.id);
  if (scopes.has('ForceDeletes')) await approveAllHeld(deps, job, actor, 'Restarted with ForceDeletes.');
  const { patch, tells } = afterEvent(
    job,
    { kind: lifts(job, scopes) ? 'restartLifting' : 'restart' },
    deps.clock.now(),
  );
  await deps.jobs.reset(job.id, forgottenBy(scopes), { ...patch, ...resetBy(scopes) }, tells);
  await deps.queue.schedule(job.id, job.intervalSeconds, deps.clock.now());
  await note(deps, job, actor, 'Enable/restart provisioning configuration', [...scopes]);
}

const forgottenBy = (scopes: ReadonlySet<RestartScope>): readonly Forgettable[] => [
  ...(scopes.has('Escrows') ? (['escrows'] as const) : []),
  ...(scopes.has('ConnectorDataStore') ? (['links'] as const) : []),
];

const lifts = ({ quarantine }: Job, scopes: ReadonlySet<RestartScope>): boolean =>
  scopes.has('QuarantineState') ||
  scopes.size === 0 ||
  (scopes.has('ForceDeletes') && quarantine?.reason === 'TooManyDeletes');

function resetBy(scopes: ReadonlySet<RestartScope>): JobPatch {
  // Without links every object must be matched again, so a watermark has nothing to stand on.
  const fromTheBeginning = scopes.has('Watermark') || scopes.has('ConnectorDataStore');
  return {
    ...(fromTheBeginning ? { watermark: null } : {}),
  };
}

const note = (
  deps: UseCaseDeps,
  job: Job,
  actor: string,
  activity: string,
  scopes?: readonly string[],
): Promise<void> =>
  audit(deps, {
    actor,
    activity,
    jobId: job.id,
    servicePrincipalId: job.servicePrincipalId,
    before: { state: job.scheduleState, quarantine: job.quarantine?.reason ?? null },
    ...(scopes === undefined ? {} : { after: { resetScope: scopes.join(',') } }),
  });
