import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action } from '../../../src/rules/model/decisions.ts';
import { objectErrors } from '../../../src/rules/model/errors.ts';
import type { ObjectErrorCode } from '../../../src/rules/model/errors.ts';
import type { Quarantine } from '../../../src/rules/model/job.ts';
import { deletionLimit, guardDeletions } from '../../../src/rules/safety/deletion-guard.ts';
import { nextRetry } from '../../../src/rules/safety/escrow-schedule.ts';
import { afterCycle } from '../../../src/rules/safety/quarantine.ts';

const at = new Date('2026-01-02T00:00:00Z');
const later = (date: Date | null): number | null =>
  date === null ? null : (date.getTime() - at.getTime()) / 3_600_000;

const subject = { sourceId: 's', type: 'User', displayName: 'n' } as const;
const actions: Readonly<Record<'create' | 'update' | 'disable' | 'delete' | 'skip', Action>> = {
  create: { ...subject, kind: 'create', because: 'no-match', desired: {}, changes: [] },
  update: { ...subject, kind: 'update', because: 'attributes-differ', targetId: 't', changes: [], known: {} },
  disable: { ...subject, kind: 'disable', because: 'not-assigned', targetId: 't', changes: [], known: {} },
  delete: { ...subject, kind: 'delete', because: 'hard-deleted', targetId: 't' },
  skip: { ...subject, kind: 'skip', because: 'RedundantExport', targetId: 't', adopt: null, forget: false },
};
const someActions = fc
  .array(fc.constantFrom(...Object.values(actions)))
  .map((list): Action[] => list.map((action, index) => ({ ...action, sourceId: String(index) })));
const isDestructive = ({ kind }: Action) => kind === 'disable' || kind === 'delete';
const none: ReadonlySet<string> = new Set();

describe('the deletion guard', () => {
  it('invariant 4: passes no more disables and deletes than the limit, and holds nothing else', () => {
    fc.assert(
      fc.property(someActions, fc.nat(12), fc.nat(12), (planned, limit, countedBefore) => {
        const { pass, held } = guardDeletions(planned, { limit, countedBefore, heldBefore: none, force: false });
        const passing = pass.filter(isDestructive).length;
        expect(passing).toBe(Math.min(planned.filter(isDestructive).length, Math.max(0, limit - countedBefore)));
        expect(held.every(isDestructive)).toBe(true);
        expect(planned.filter((action) => pass.includes(action))).toEqual(pass);
        expect(pass.length + held.length).toBe(planned.length);
      }),
    );
  });

  it('invariant 4: goes on holding what an earlier cycle held, within the limit or not, and does not count it again', () => {
    const planned = ['a', 'b', 'c'].map((sourceId) => ({ ...actions.disable, sourceId }));
    const guard = { limit: 2, countedBefore: 0, heldBefore: new Set(['a']), force: false };
    const { pass, held } = guardDeletions(planned, guard);
    expect(held.map(({ sourceId }) => sourceId)).toEqual(['a']);
    expect(pass.map(({ sourceId }) => sourceId)).toEqual(['b', 'c']);
    expect(guardDeletions(planned, { ...guard, force: true }).pass).toEqual(planned);
  });

  it('passes all when it is off or an administrator approved', () => {
    const planned = [actions.delete, actions.disable, actions.create];
    expect(guardDeletions(planned, { limit: null, countedBefore: 9, heldBefore: none, force: false })).toEqual({
      pass: planned,
      held: [],
    });
    expect(guardDeletions(planned, { limit: 0, countedBefore: 9, heldBefore: none, force: true })).toEqual({
      pass: planned,
      held: [],
    });
  });

  it.each([
    [{}, 500],
    [{ QuarantineTooManyDeletes: 'True' }, 500],
    [{ QuarantineTooManyDeletes: 'true', QuarantineTooManyDeletesThreshold: '7' }, 7],
    [{ QuarantineTooManyDeletesThreshold: '0' }, 0],
    [{ QuarantineTooManyDeletesThreshold: 'many' }, 500],
    [{ QuarantineTooManyDeletesThreshold: 'off' }, null],
    [{ QuarantineTooManyDeletesThreshold: '-1' }, 500],
    [{ QuarantineTooManyDeletes: 'False', QuarantineTooManyDeletesThreshold: '7' }, null],
  ])('reads its limit from %j', (settings, limit) => {
    expect(deletionLimit(settings)).toBe(limit);
  });
});

describe('the escrow schedule', () => {
  const codes = (policy: string) =>
    (Object.keys(objectErrors) as ObjectErrorCode[]).filter((code) => objectErrors[code].retry === policy);
  const hours = (code: ObjectErrorCode, attempts: number) => later(nextRetry({ code, message: '' }, attempts, at));

  it.each(codes('schedule'))('tries %s again 6, 12, 24 and 48 hours after the first failure, then daily', (code) => {
    expect([1, 2, 3, 4, 5, 30].map((attempts) => hours(code, attempts))).toEqual([6, 6, 12, 24, 24, 24]);
    expect(hours(code, 0)).toBe(6);
  });
  it.each(codes('next-cycle'))('tries %s again in the next cycle', (code) => {
    expect(hours(code, 1)).toBe(0);
  });
  it.each(codes('soon'))('tries %s again in the next two cycles, then by the schedule', (code) => {
    expect([1, 2, 3, 4, 5, 6, 30].map((attempts) => hours(code, attempts))).toEqual([0, 0, 6, 6, 12, 24, 24]);
  });
  it.each(codes('source-change'))('tries %s again only when its source changes', (code) => {
    expect(hours(code, 1)).toBeNull();
  });
});

describe('quarantine', () => {
  const error = { code: 'DirectoryUnreachable', message: 'gone' } as const;
  const failing = (before: Quarantine | null, now = at) => afterCycle(before, { kind: 'system-error', error }, now);

  it('begins with the first failure, tries again after five minutes and keeps what happened', () => {
    expect(failing(null)).toEqual({
      reason: 'EncounteredQuarantineException',
      error,
      currentBegan: at,
      nextAttempt: new Date('2026-01-02T00:05:00Z'),
      seriesBegan: at,
      seriesCount: 1,
    });
  });

  it('slows down to once a day and stays there', () => {
    let quarantine: Quarantine | null = null;
    const waits: (number | null)[] = [];
    for (let count = 1; count <= 1100; count += 1) {
      quarantine = failing(quarantine);
      expect(quarantine?.seriesCount).toBe(count);
      waits.push(later(quarantine?.nextAttempt ?? null));
    }
    expect(waits).toEqual(waits.toSorted((a, b) => (a ?? 0) - (b ?? 0)));
    expect(waits.at(-1)).toBe(24);
  });

  it('keeps the beginning of its series when the reason changes, and ends with a good cycle', () => {
    const now = new Date('2026-01-03T00:00:00Z');
    const held = afterCycle(failing(null), { kind: 'too-many-deletes', held: 12 }, now);
    expect(held).toMatchObject({
      reason: 'TooManyDeletes',
      error: { code: 'TooManyDeletes' },
      seriesBegan: at,
      currentBegan: now,
      seriesCount: 2,
    });
    expect(held?.error?.message).toMatch(/^12 /);
    expect(afterCycle(held, { kind: 'ok' }, now)).toBeNull();
  });
});
