import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Quarantine } from '../../../src/rules/model/job.ts';
import { scheduleStates } from '../../../src/rules/model/job.ts';
import type { Settings } from '../../../src/rules/model/job-settings.ts';
import { afterEvent, cadenceOf, dueEvent, jobLife } from '../../../src/rules/safety/quarantine.ts';
import type { LifeEvent, LivingJob } from '../../../src/rules/safety/quarantine.ts';
import { jobLives, lifeAfterCell, lifeEvents, lifeTable } from '../../../src/rules/safety/quarantine-table.ts';
import type { Cell, JobLife, LifeEventName } from '../../../src/rules/safety/quarantine-table.ts';
import { tooManyErrors } from '../../../src/rules/safety/quarantine-thresholds.ts';

const at = new Date('2026-01-02T00:00:00Z');
const hours = (date: Date): number => (date.getTime() - at.getTime()) / 3_600_000;
const inHours = (count: number): Date => new Date(at.getTime() + count * 3_600_000);
const inDays = (count: number): Date => inHours(24 * count);
const error = { code: 'DirectoryUnreachable', message: 'gone' } as const;
const healthy: LivingJob = { id: 'j', scheduleState: 'Active', quarantine: null, settings: {}, successiveFailures: 0 };
const after = (job: LivingJob, event: LifeEvent, now = at): LivingJob => ({
  ...job,
  ...afterEvent(job, event, now).patch,
});
const lost: LifeEvent = { kind: 'systemError', error };
const ill = after(healthy, lost);
const eventOf = (kind: LifeEventName): LifeEvent => {
  if (kind === 'tooManyDeletes') return { kind, held: 3 };
  if (kind === 'systemError' || kind === 'badCredentials' || kind === 'notScim') return { kind, error };
  if (kind === 'tooManyErrors' || kind === 'tooManyErrorsAtFirst')
    return { kind, reason: 'EncounteredBaseEscrowThreshold', error };
  return { kind };
};
const eventNames = Object.keys(lifeEvents) as LifeEventName[];
const inLife: Readonly<Record<JobLife, LivingJob>> = {
  Active: healthy,
  Quarantined: ill,
  Paused: { ...ill, scheduleState: 'Paused' },
  Disabled: { ...ill, scheduleState: 'Disabled' },
};

describe('the life of a job', () => {
  it.each(eventNames.flatMap((name) => jobLives.map((life) => [name, life] as const)))(
    'does on %s of a job that is %s what the table says',
    (name, life) => {
      const change = afterEvent(inLife[life], eventOf(name), at);
      const next = { ...inLife[life], ...change.patch };
      const cell = lifeTable[name][life];
      expect(lifeAfterCell(life, cell)).toContain(jobLife(next));
      expect(next.quarantine !== null).toBe(
        cell.quarantine === 'noted' || (cell.quarantine === 'kept' && inLife[life].quarantine !== null),
      );
      expect(change.tells.map(({ kind }) => kind)).toEqual(
        cell.tells === 'nothing' || (cell.tells === 'quarantineLeft' && inLife[life].quarantine === null)
          ? []
          : [cell.tells],
      );
    },
  );

  it('stands in docs/SPEC.md as the table has it', () => {
    expect(readFileSync(join(import.meta.dirname, '../../../docs/SPEC.md'), 'utf8')).toContain(markdown());
  });

  it('begins a quarantine with the first failure and keeps what happened', () => {
    expect(ill.quarantine).toEqual({
      reason: 'EncounteredQuarantineException',
      error,
      currentBegan: at,
      nextAttempt: new Date('2026-01-02T00:05:00Z'),
      seriesBegan: at,
      seriesCount: 1,
    });
    expect(ill.successiveFailures).toBe(1);
  });

  it.each([
    [{}, 1 / 12, 24],
    [{ QuarantineFirstWait: 'PT1H', QuarantineLongestWait: 'PT6H' }, 1, 6],
  ] as const)('slows down with settings %j from %s to %s hours and stays there', (settings, first, longest) => {
    let job: LivingJob = { ...healthy, settings };
    const waits: number[] = [];
    for (let count = 1; count <= 1100; count += 1) {
      job = after(job, lost);
      expect(job.quarantine?.seriesCount).toBe(count);
      waits.push(hours(job.quarantine?.nextAttempt ?? at));
    }
    expect(waits[0]).toBeCloseTo(first);
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits.at(-1)).toBe(longest);
  });

  it('keeps the beginning of a series when the reason changes, and ends with a good cycle', () => {
    const held = after(ill, { kind: 'tooManyDeletes', held: 12 }, inDays(1));
    expect(held.quarantine).toMatchObject({ reason: 'TooManyDeletes', seriesBegan: at, currentBegan: inDays(1) });
    expect(held.quarantine?.error?.message).toMatch(/^12 /);
    expect(cadenceOf(ill)).toBe('falling');
    expect(cadenceOf(held)).toBe('interval');
    expect(after(held, { kind: 'cycleOk' }).quarantine).toBeNull();
  });

  it('pauses after an initial cycle with too many errors, and says so in Graph’s word until it is started', () => {
    const { patch } = afterEvent(healthy, eventOf('tooManyErrorsAtFirst'), at);
    expect(patch).toMatchObject({ scheduleState: 'Paused', escrowsPruned: true });
    expect(afterEvent({ ...healthy, ...patch }, { kind: 'start' }, at).patch).toMatchObject({
      scheduleState: 'Active',
      escrowsPruned: false,
      quarantine: null,
    });
  });

  it.each([
    [{}, 27.9, null],
    [{}, 28, 'overdue'],
    [{ QuarantineDisableAfter: 'P2D' }, 2, 'overdue'],
    [{ QuarantineDisableAfter: 'off' }, 999, null],
    [{ QuarantineReminder: 'P7D' }, 6.9, null],
    [{ QuarantineReminder: 'P7D' }, 21, 'reminderDue'],
  ] as const)('with settings %j, %s days after the series began, comes to: %s', (settings, days, kind) => {
    expect(dueEvent({ ...ill, settings }, inDays(days))?.kind ?? null).toBe(kind);
  });

  it('counts reminders, so that each is told once', () => {
    const job = { ...ill, settings: { QuarantineReminder: 'P7D' } };
    expect(afterEvent(job, { kind: 'reminderDue' }, inDays(15)).tells).toMatchObject([{ nth: 2, since: at }]);
  });

  it('never loses the reason while ill, never stays ill after a good cycle, never wakes what is off but by an operator', () => {
    const operator: readonly LifeEventName[] = ['start', 'restart', 'restartLifting'];
    const steps = fc.array(fc.tuple(fc.constantFrom(...eventNames), fc.nat(100)), { maxLength: 40 });
    fc.assert(
      fc.property(fc.constantFrom(...scheduleStates), steps, (scheduleState, history) => {
        let job: LivingJob = { ...healthy, scheduleState };
        let now = at;
        for (const [name, pause] of history) {
          now = new Date(now.getTime() + pause * 3_600_000);
          const before = job;
          job = after(job, eventOf(name), now);
          if (before.scheduleState !== 'Active' && !operator.includes(name))
            expect(job.scheduleState).not.toBe('Active');
          if (name === 'cycleOk') expect(job.quarantine).toBeNull();
          expectSound(job.quarantine, now);
        }
      }),
    );
  });
});

function expectSound(quarantine: Quarantine | null, now: Date): void {
  if (quarantine === null) return;
  expect(quarantine.error).not.toBeNull();
  expect(quarantine.seriesBegan.getTime()).toBeLessThanOrEqual(quarantine.currentBegan.getTime());
  expect(quarantine.currentBegan.getTime()).toBeLessThanOrEqual(now.getTime());
  expect(quarantine.nextAttempt.getTime()).toBeGreaterThan(quarantine.currentBegan.getTime());
  expect(quarantine.nextAttempt.getTime()).toBeLessThanOrEqual(quarantine.currentBegan.getTime() + 86_400_000);
}

describe('the thresholds of escrow', () => {
  const reason = (settings: Settings, failedObjects: number, good: number, failedReferences = 0) =>
    tooManyErrors(settings, { failedObjects, failedReferences, good })?.reason ?? null;

  it.each([
    ['4,000 failures', 4_000, 0, 0, null],
    ['45,000 failures', 45_000, 200_000, 0, 'EncounteredBaseEscrowThreshold'],
    ['30,000 failed and 5,000 good', 30_000, 5_000, 0, 'EncounteredEscrowProportionThreshold'],
    ['20,000 failed and 100,000 good', 20_000, 100_000, 0, null],
    ['40,000 users and 21,000 managers', 40_000, 500_000, 21_000, 'EncounteredTotalEscrowThreshold'],
    ['exactly 40 %', 6_000, 9_000, 0, null],
    ['40,000', 40_000, 500_000, 20_000, null],
  ] as const)('%s: as Entra documents', (_, failed, good, references, expected) => {
    expect(reason({}, failed, good, references)).toBe(expected);
  });

  it('can be set lower for a small job, and off', () => {
    expect(reason({ QuarantineEscrowFloor: '3' }, 3, 2)).toBe('EncounteredEscrowProportionThreshold');
    expect(reason({ QuarantineEscrowFloor: '3', QuarantineEscrowProportion: '60' }, 3, 2)).toBeNull();
    expect(reason({ BaseEscrowThreshold: '1' }, 2, 99)).toBe('EncounteredBaseEscrowThreshold');
    expect(reason({ TotalEscrowThreshold: '1' }, 0, 99, 2)).toBe('EncounteredTotalEscrowThreshold');
    const off = { QuarantineEscrowFloor: 'off', BaseEscrowThreshold: 'off', TotalEscrowThreshold: 'off' };
    expect(reason(off, 1_000_000, 0, 1_000_000)).toBeNull();
    expect(reason({ QuarantineEscrowFloor: '0' }, 0, 0)).toBeNull();
  });

  it('says how many of how many', () => {
    const found = tooManyErrors({ QuarantineEscrowFloor: '3' }, { failedObjects: 3, failedReferences: 9, good: 1 });
    expect(found?.error.message).toMatch(/^3 of 4 objects are in error/);
  });
});

function markdown(): string {
  const row = (name: LifeEventName): string =>
    `| \`${name}\`: ${lifeEvents[name]} | ${jobLives.map((life) => words(life, lifeTable[name][life])).join(' | ')} |`;
  return [
    `| Event | ${jobLives.join(' | ')} |`,
    `| --- |${' --- |'.repeat(jobLives.length)}`,
    ...eventNames.map(row),
  ].join('\n');
}

function words(life: JobLife, cell: Cell): string {
  const next = lifeAfterCell(life, cell);
  const stays = next.length === 1 && next[0] === life && cell.quarantine !== 'noted' ? '–' : next.join(' or ');
  const noted = cell.quarantine === 'noted' && !next.includes('Quarantined') ? ', reason noted' : '';
  return `${stays}${noted}${cell.tells === 'nothing' ? '' : `; ${cell.tells}`}`;
}
