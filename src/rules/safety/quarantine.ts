// What an event means for a job, by the truth table: what is written of the job, and what people are told.
import type { JobEvent } from '../model/job-events.ts';
import type { CycleError, Job, Quarantine, QuarantineReason } from '../model/job.ts';
import { jobSetting } from '../model/job-settings.ts';
import type { Settings } from '../model/job-settings.ts';
import type { JobPatch } from '../model/records.ts';
import { lifeTable } from './quarantine-table.ts';
import type { Cadence, Cell, JobLife, LifeEventName } from './quarantine-table.ts';

/** `error`: why, for events that say that the job is ill. */
export type LifeEvent =
  | { readonly kind: 'start' | 'pause' | 'restart' | 'restartLifting' | 'cycleOk' | 'overdue' | 'reminderDue' }
  | { readonly kind: 'systemError' | 'badCredentials' | 'notScim'; readonly error: CycleError }
  | { readonly kind: 'tooManyDeletes'; readonly held: number }
  | {
      readonly kind: 'tooManyErrors' | 'tooManyErrorsAtFirst';
      readonly reason: QuarantineReason;
      readonly error: CycleError;
    };
export type LivingJob = Pick<Job, 'id' | 'scheduleState' | 'quarantine' | 'settings' | 'successiveFailures'>;
export interface LifeChange {
  readonly patch: JobPatch;
  readonly tells: readonly JobEvent[];
}

export function afterEvent(job: LivingJob, event: LifeEvent, at: Date): LifeChange {
  const cell = lifeTable[event.kind][jobLife(job)];
  const quarantine = quarantineAfter(job, cell, event, at);
  return {
    patch: {
      ...(cell.schedule === 'same' ? {} : { scheduleState: cell.schedule }),
      ...(quarantine === job.quarantine ? {} : { quarantine }),
      ...failuresAfter(job, event),
      ...prunedAfter(event),
    },
    tells: tellsOf(job, cell, quarantine, at),
  };
}

export function jobLife({ scheduleState, quarantine }: Pick<Job, 'scheduleState' | 'quarantine'>): JobLife {
  if (scheduleState !== 'Active') return scheduleState;
  return quarantine === null ? 'Active' : 'Quarantined';
}

/** A job that only holds deletions goes on creating and updating at its interval. */
export function cadenceOf(job: Pick<Job, 'scheduleState' | 'quarantine'>): Cadence {
  if (job.scheduleState !== 'Active') return 'none';
  return isIll(job.quarantine) ? 'falling' : 'interval';
}

/** Directory or application gave trouble, so it is asked carefully; held deletions are no illness. */
export const isIll = (quarantine: Quarantine | null): boolean =>
  quarantine !== null && quarantine.reason !== 'TooManyDeletes';

/** What the clock alone brings about; `null` = nothing yet. */
export function dueEvent({ settings, quarantine }: Pick<Job, 'settings' | 'quarantine'>, at: Date): LifeEvent | null {
  if (quarantine === null) return null;
  const age = (at.getTime() - quarantine.seriesBegan.getTime()) / SECOND;
  const longest = jobSetting(settings, 'QuarantineDisableAfter');
  if (longest !== null && age >= longest) return { kind: 'overdue' };
  return remindersBy(settings, quarantine, at) > 0 ? { kind: 'reminderDue' } : null;
}

/** When a job that stays in quarantine is disabled; `null` = never. */
export function disabledAt({ scheduleState, settings, quarantine }: LivingJob): Date | null {
  const longest = jobSetting(settings, 'QuarantineDisableAfter');
  if (quarantine === null || scheduleState !== 'Active' || longest === null) return null;
  return new Date(quarantine.seriesBegan.getTime() + longest * SECOND);
}

const SECOND = 1000;

function quarantineAfter(job: LivingJob, cell: Cell, event: LifeEvent, at: Date): Quarantine | null {
  if (cell.quarantine === 'none') return null;
  const cause = causeOf(event);
  if (cell.quarantine === 'kept' || cause === null) return job.quarantine;
  const seriesCount = (job.quarantine?.seriesCount ?? 0) + 1;
  return {
    ...cause,
    currentBegan: at,
    nextAttempt: new Date(at.getTime() + waitAfter(job.settings, seriesCount) * SECOND),
    seriesBegan: job.quarantine?.seriesBegan ?? at,
    seriesCount,
  };
}

/** Waits double while the series lasts. */
function waitAfter(settings: Settings, seriesCount: number): number {
  const wait = (jobSetting(settings, 'QuarantineFirstWait') ?? 0) * 2 ** (seriesCount - 1);
  return Math.min(wait, jobSetting(settings, 'QuarantineLongestWait') ?? DAY);
}
const DAY = 86_400;

function causeOf(event: LifeEvent): Pick<Quarantine, 'reason' | 'error'> | null {
  if ('held' in event)
    return { reason: 'TooManyDeletes', error: { code: 'TooManyDeletes', message: heldMessage(event.held) } };
  if ('reason' in event) return { reason: event.reason, error: event.error };
  return 'error' in event ? { reason: 'EncounteredQuarantineException', error: event.error } : null;
}

const heldMessage = (held: number): string =>
  `${String(held)} disables and deletes were held because the cycle planned more than the job allows. Approve them, or repair assignments and filters and restart the job.`;

/** Graph counts cycles that failed as a whole, one after the other. */
const failures: Readonly<Record<LifeEventName, 'counted' | 'forgotten' | 'kept'>> = {
  start: 'forgotten',
  pause: 'kept',
  restart: 'kept',
  restartLifting: 'forgotten',
  cycleOk: 'forgotten',
  systemError: 'counted',
  badCredentials: 'counted',
  notScim: 'counted',
  tooManyDeletes: 'forgotten',
  tooManyErrors: 'forgotten',
  tooManyErrorsAtFirst: 'forgotten',
  overdue: 'kept',
  reminderDue: 'kept',
};
function failuresAfter({ successiveFailures }: LivingJob, { kind }: LifeEvent): JobPatch {
  if (failures[kind] === 'kept') return {};
  return { successiveFailures: failures[kind] === 'counted' ? successiveFailures + 1 : 0 };
}

/** Graph's sign of an initial cycle that met so many errors that the job was paused after it. */
function prunedAfter({ kind }: LifeEvent): JobPatch {
  if (kind === 'tooManyErrorsAtFirst') return { escrowsPruned: true };
  return kind === 'cycleOk' || kind === 'start' || kind === 'restartLifting' ? { escrowsPruned: false } : {};
}

function tellsOf(job: LivingJob, { tells }: Cell, after: Quarantine | null, at: Date): readonly JobEvent[] {
  const spoken = tells === 'quarantineLeft' ? job.quarantine : after;
  if (tells === 'nothing' || spoken === null) return [];
  const event = { jobId: job.id, reason: spoken.reason, since: spoken.seriesBegan };
  switch (tells) {
    case 'quarantineLeft':
      return [{ kind: tells, ...event }];
    case 'quarantined':
    case 'jobDisabled':
      return [{ kind: tells, ...event, error: spoken.error }];
    case 'quarantineReminder':
      return [{ kind: tells, ...event, error: spoken.error, nth: remindersBy(job.settings, spoken, at) }];
  }
}

/** How many reminders a quarantine is worth by now. */
function remindersBy(settings: Settings, { seriesBegan }: Quarantine, at: Date): number {
  const period = jobSetting(settings, 'QuarantineReminder');
  return period === null ? 0 : Math.max(0, Math.floor((at.getTime() - seriesBegan.getTime()) / SECOND / period));
}
