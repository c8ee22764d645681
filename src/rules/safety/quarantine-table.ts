// The life of a job as a truth table: what each event does in each state. docs/SPEC.md shows it, compared by a test.
import type { ScheduleState } from '../model/job.ts';

/** Quarantined = scheduled, but tried at a falling pace. A paused or disabled job may remember why it was quarantined. */
export const jobLives = ['Active', 'Quarantined', 'Paused', 'Disabled'] as const;
export type JobLife = (typeof jobLives)[number];

export const lifeEvents = {
  start: 'start',
  pause: 'pause',
  restart: 'restart without QuarantineState',
  restartLifting: 'restart with QuarantineState, empty criteria or None; ForceDeletes of a job with TooManyDeletes',
  cycleOk: 'a cycle reaches its end and nothing below holds',
  systemError: 'a cycle loses directory or application',
  badCredentials: 'the application does not accept the credentials (401, or 403 to the connection test)',
  notScim: 'what answers at the tenant URL is no SCIM service',
  tooManyDeletes: 'a cycle ends with disables or deletes held',
  tooManyErrors: 'an incremental cycle ends with too many objects in escrow',
  tooManyErrorsAtFirst: 'an initial cycle ends with too many objects in escrow',
  overdue: 'the quarantine lasts longer than QuarantineDisableAfter',
  reminderDue: 'another QuarantineReminder has passed',
} as const satisfies Record<string, string>;
export type LifeEventName = keyof typeof lifeEvents;

export interface Cell {
  /** `same`: the schedule is as it was. */
  readonly schedule: ScheduleState | 'same';
  /** `noted`: begins, or goes on with this as its reason. */
  readonly quarantine: 'none' | 'kept' | 'noted';
  /** What people are told, each once; nobody is told of the end of a quarantine that was not there. */
  readonly tells: 'nothing' | 'quarantined' | 'quarantineLeft' | 'jobDisabled' | 'quarantineReminder';
}
const cell = (schedule: Cell['schedule'], quarantine: Cell['quarantine'], tells: Cell['tells'] = 'nothing'): Cell => ({
  schedule,
  quarantine,
  tells,
});

const nothing = cell('same', 'kept');
const started = cell('Active', 'none', 'quarantineLeft');
const paused = cell('Paused', 'kept');
const ill = cell('same', 'noted', 'quarantined');
const well = cell('same', 'none', 'quarantineLeft');
/** Nobody waits for a job that is off: an operator ran the cycle and reads its outcome. */
const illQuietly = cell('same', 'noted');

/** A disabled job starts with a clean slate, or its old quarantine would disable it again at once. */
export const lifeTable: Readonly<Record<LifeEventName, Readonly<Record<JobLife, Cell>>>> = {
  start: { Active: nothing, Quarantined: started, Paused: started, Disabled: started },
  pause: { Active: paused, Quarantined: paused, Paused: paused, Disabled: paused },
  restart: {
    Active: cell('Active', 'kept'),
    Quarantined: cell('Active', 'kept'),
    Paused: cell('Active', 'kept'),
    Disabled: started,
  },
  restartLifting: { Active: started, Quarantined: started, Paused: started, Disabled: started },
  cycleOk: { Active: well, Quarantined: well, Paused: well, Disabled: well },
  systemError: { Active: ill, Quarantined: ill, Paused: illQuietly, Disabled: illQuietly },
  badCredentials: { Active: ill, Quarantined: ill, Paused: illQuietly, Disabled: illQuietly },
  notScim: { Active: ill, Quarantined: ill, Paused: illQuietly, Disabled: illQuietly },
  tooManyDeletes: { Active: ill, Quarantined: ill, Paused: illQuietly, Disabled: illQuietly },
  tooManyErrors: { Active: ill, Quarantined: ill, Paused: illQuietly, Disabled: illQuietly },
  tooManyErrorsAtFirst: {
    Active: cell('Paused', 'noted', 'quarantined'),
    Quarantined: cell('Paused', 'noted', 'quarantined'),
    Paused: illQuietly,
    Disabled: illQuietly,
  },
  overdue: {
    Active: nothing,
    Quarantined: cell('Disabled', 'kept', 'jobDisabled'),
    Paused: nothing,
    Disabled: nothing,
  },
  reminderDue: {
    Active: nothing,
    Quarantined: cell('same', 'kept', 'quarantineReminder'),
    Paused: nothing,
    Disabled: nothing,
  },
};

export type Cadence = 'interval' | 'falling' | 'none';

/** The state after a cell, for who is in `life`; a job that was started again is quarantined where that is kept. */
export function lifeAfterCell(life: JobLife, { schedule, quarantine }: Cell): readonly JobLife[] {
  const next = schedule === 'same' ? scheduleOf(life) : schedule;
  if (next !== 'Active') return [next];
  if (quarantine === 'noted') return ['Quarantined'];
  if (quarantine === 'none') return ['Active'];
  return life === 'Paused' ? ['Active', 'Quarantined'] : [life];
}
const scheduleOf = (life: JobLife): ScheduleState => (life === 'Quarantined' ? 'Active' : life);
