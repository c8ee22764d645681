// How a cycle ends: its state, the job's watermark, and what it means for the life of the job, in one transaction.
import type { SystemError, SystemErrorCode } from '../rules/model/errors.ts';
import type { JobEvent } from '../rules/model/job-events.ts';
import type { Cycle, CycleError, CycleState, Job } from '../rules/model/job.ts';
import { jobSetting } from '../rules/model/job-settings.ts';
import type { JobPatch } from '../rules/model/records.ts';
import { wokenBy } from '../rules/safety/escrow-wakes.ts';
import { afterEvent, isIll } from '../rules/safety/quarantine.ts';
import type { LifeEvent } from '../rules/safety/quarantine.ts';
import { tooManyErrors } from '../rules/safety/quarantine-thresholds.ts';
import type { Deps } from './ports.ts';

/** Every page is recorded: the watermark moves, unless it was a what-if. */
export async function endSucceeded(deps: Deps, cycle: Cycle): Promise<void> {
  const at = deps.clock.now();
  const state: CycleState = cycle.counts.failed > 0 ? 'entryLevelErrors' : 'succeeded';
  const job = await livingJob(deps, cycle);
  if (job === null) {
    await deps.cycles.end(cycle.id, { state, at, error: null });
    return;
  }
  const event = await eventOf(deps, cycle, job);
  const { patch, tells } = afterEvent(job, event, at);
  const escrowed = await deps.jobs.escrowCount(job.id);
  const ended = await deps.cycles.end(cycle.id, {
    state,
    at,
    error: null,
    escrowed,
    ...(cycle.to === null ? {} : { watermark: cycle.to }),
    job: {
      patch: { ...patch, ...steadyState(job, cycle, at) },
      events: [...tells, ...(await growth(deps, cycle, job, escrowed))],
    },
  });
  // What the target did not bear while it was ill is due now that it is back.
  if (ended && event.kind === 'cycleOk' && isIll(job.quarantine))
    await deps.escrows.wake(job.id, wokenBy('targetBack'), at);
}

/** A system was lost or something is wrong with us: the watermark stays, the failure counts towards quarantine. */
export async function endFailed(deps: Deps, cycle: Cycle, error: CycleError): Promise<void> {
  const at = deps.clock.now();
  const job = await livingJob(deps, cycle);
  const end = { state: 'failed', at, error } as const;
  if (job === null) {
    await deps.cycles.end(cycle.id, end);
    return;
  }
  const { patch, tells } = afterEvent(job, { kind: failureOf(error), error }, at);
  await deps.cycles.end(cycle.id, { ...end, job: { patch, events: tells } });
}

/** Ends the cycle at its checkpoint, because a system was lost. */
export const endLost = (deps: Deps, cycle: Cycle, { code, message, exchange }: SystemError): Promise<void> =>
  endFailed(deps, cycle, { code, message, ...(exchange === undefined ? {} : { exchange }) });

/** `null` where the end means nothing for the job: what-if and on-demand runs move neither watermark nor quarantine. */
const livingJob = async (deps: Deps, { jobId, dryRun, trigger }: Cycle): Promise<Job | null> =>
  dryRun || trigger === 'onDemand' ? null : deps.jobs.get(jobId);

/** Also when this cycle held nothing: the quarantine lasts until everything held is approved or back in scope. */
async function eventOf(deps: Deps, { type }: Cycle, { id, settings }: Job): Promise<LifeEvent> {
  const many = tooManyErrors(settings, await deps.escrows.standing(id));
  if (many !== null) return { kind: type === 'initial' ? 'tooManyErrorsAtFirst' : 'tooManyErrors', ...many };
  const held = await deps.jobs.heldCount(id);
  return held > 0 ? { kind: 'tooManyDeletes', held } : { kind: 'cycleOk' };
}

type Failure = 'systemError' | 'badCredentials' | 'notScim';
const failures: Readonly<Record<SystemErrorCode, Failure>> = {
  SystemForCrossDomainIdentityManagementInvalidCredentials: 'badCredentials',
  SystemForCrossDomainIdentityManagementServiceIncompatible: 'notScim',
  SystemForCrossDomainIdentityManagementUnreachable: 'systemError',
  CredentialsMissing: 'badCredentials',
  DirectoryUnreachable: 'systemError',
  DirectoryInvalidCredentials: 'systemError',
  DirectoryReadIncomplete: 'systemError',
};
const failureOf = ({ code }: CycleError): Failure =>
  code in failures ? failures[code as SystemErrorCode] : 'systemError';

function steadyState({ steadyStateFirst }: Job, { counts }: Cycle, at: Date): JobPatch {
  const { created, updated, disabled, restored, deleted, membersAdded, membersRemoved, failed } = counts;
  const moved = created + updated + disabled + restored + deleted + membersAdded + membersRemoved + failed;
  return moved > 0 ? {} : { steadyStateFirst: steadyStateFirst ?? at, steadyStateLast: at };
}

const CYCLES_BACK = 10;
const CAUSES_TOLD = 3;

/** People are told when much more is in error than at the end of the cycle before. */
async function growth(deps: Deps, cycle: Cycle, job: Job, now: number): Promise<readonly JobEvent[]> {
  const most = jobSetting(job.settings, 'EscrowGrowthAlert');
  if (most === null || now === 0) return [];
  const cycles = await deps.cycles.list(job.id, CYCLES_BACK);
  const before = cycles.find(({ id, escrowed }) => id !== cycle.id && escrowed !== null)?.escrowed ?? 0;
  if (now - before < Math.max(most, 1)) return [];
  const causes = (await deps.escrows.causes(job.id)).slice(0, CAUSES_TOLD);
  const topCauses = causes.map(({ code, count, example }) => ({ code, count, message: example.message }));
  return [{ kind: 'escrowGrew', jobId: job.id, cycleId: cycle.id, before, now, topCauses }];
}
