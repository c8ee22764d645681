import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deprovisioning } from '../../../src/rules/model/decisions.ts';
import type { HeldBefore, Judgement } from '../../../src/rules/model/held.ts';
import type { Settings } from '../../../src/rules/model/job-settings.ts';
import { isFresh, judgeLeavers, standingOf } from '../../../src/rules/safety/deletion-guard.ts';
import type { Leavers } from '../../../src/rules/safety/deletion-guard.ts';
import { standingOfMembers } from '../../../src/rules/safety/member-guard.ts';
import type { MemberLosses } from '../../../src/rules/safety/member-guard.ts';

const subject = { sourceId: 's', type: 'User', displayName: 'n' } as const;
const actions = {
  disable: { ...subject, kind: 'disable', because: 'not-assigned', targetId: 't', changes: [], known: {} },
  delete: { ...subject, kind: 'delete', because: 'hard-deleted', targetId: 't' },
} as const satisfies Record<string, Deprovisioning>;

/** A job with so many accounts, of which some leave; nothing was taken away lately. */
const leavers = (fresh: number, linked: number, more: Partial<Leavers> = {}): Leavers => ({
  fresh,
  linked,
  lastDay: 0,
  lastWeek: 0,
  ...more,
});
const verdict = (given: Leavers, settings: Settings = {}) => judgeLeavers('User', given, settings);
const because = (given: Leavers, settings: Settings = {}) => {
  const judged = verdict(given, settings);
  return judged.kind === 'hold' ? judged.because : null;
};

describe('the deletion guard', () => {
  it('invariant 4: passes all leavers of a cycle or none of them', () => {
    const disable: Deprovisioning = actions.disable;
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(3000), fc.nat(1500), fc.nat(4000), (fresh, linked, lastDay, lastWeek) => {
        const judged = verdict(leavers(fresh, linked, { lastDay, lastWeek }));
        const judgement: Judgement = { User: judged, Group: { kind: 'pass' } };
        expect(standingOf(disable, null, judgement)).toEqual(judged);
        const within =
          fresh <= 500 &&
          (fresh <= 25 || fresh * 100 <= 40 * Math.max(linked, fresh)) &&
          lastDay + fresh <= 1000 &&
          lastWeek + fresh <= 2500;
        expect(judged.kind).toBe(fresh === 0 || within ? 'pass' : 'hold');
      }),
    );
  });

  it('invariant 4: users and groups are judged by themselves', () => {
    const judgement: Judgement = { User: verdict(leavers(501, 9000)), Group: { kind: 'pass' } };
    const group: Deprovisioning = { ...actions.delete, type: 'Group' };
    expect(standingOf(group, null, judgement)).toEqual({ kind: 'pass' });
    expect(standingOf(actions.delete, null, judgement)).toMatchObject({ kind: 'hold' });
  });

  it.each([
    ['as many as the threshold', leavers(500, 9000), {}, null],
    ['one more than the threshold', leavers(501, 9000), {}, 'per-cycle'],
    ['few of a small job', leavers(25, 30), {}, null],
    ['many of a small job', leavers(26, 30), {}, 'share'],
    ['few, where the job sets its own floor', leavers(3, 4), { QuarantineTooManyDeletesFloor: '2' }, 'share'],
    ['any, where there is no floor', leavers(1, 2), { QuarantineTooManyDeletesFloor: 'off' }, 'share'],
    ['many of a small job without a share', leavers(30, 30), { QuarantineTooManyDeletesShare: 'off' }, null],
    ['small steps within a day', leavers(100, 9000, { lastDay: 901 }), {}, 'per-day'],
    ['small steps within a week', leavers(100, 9000, { lastDay: 0, lastWeek: 2401 }), {}, 'per-week'],
    ['one, where none may leave', leavers(1, 9000), { QuarantineTooManyDeletesThreshold: '0' }, 'per-cycle'],
    ['too many, with the guard off', leavers(9000, 9000), { QuarantineTooManyDeletes: 'False' }, null],
    ['what cannot be read as a number', leavers(501, 9000), { QuarantineTooManyDeletesThreshold: 'many' }, 'per-cycle'],
  ])('judges %s', (_, given, settings, expected) => {
    expect(because(given, settings)).toBe(expected);
  });

  it('says how many were to leave, and which setting does not allow it', () => {
    const judged = verdict(leavers(26, 30));
    expect(judged.kind === 'hold' && judged.why).toBe(
      'One cycle was to disable or delete the accounts of 26 users, 87 % of those with an account, which is more than QuarantineTooManyDeletesShare (40) allows.',
    );
  });

  it('invariant 4: what is held stays held until it is approved, and an approval is for what was shown', () => {
    const pass: Judgement = { User: { kind: 'pass' }, Group: { kind: 'pass' } };
    const hold: Judgement = { ...pass, User: { kind: 'hold', because: 'share', why: 'Too many.' } };
    const held = (decision: HeldBefore['decision'], action: HeldBefore['action'] = 'disable'): HeldBefore => ({
      ...{ decision, action, because: 'not-assigned', why: 'There were too many.' },
    });
    const standing = (before: HeldBefore | null, judgement: Judgement | null) =>
      standingOf(actions.disable, before, judgement).kind;
    expect(standing(held('waiting'), pass)).toBe('hold');
    expect(standing(held('approved'), hold)).toBe('pass');
    expect(standingOf(actions.delete, held('approved'), hold)).toEqual({ kind: 'hold', why: 'There were too many.' });
    // Another reason than the one that was rejected: it is judged like any other.
    expect(standing(held('rejected'), pass)).toBe('pass');
    expect(standing(held('rejected'), hold)).toBe('hold');
    expect([null, held('rejected'), held('waiting'), held('approved')].map(isFresh)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('invariant 4: nothing is taken away where leavers are not judged', () => {
    expect(standingOf(actions.delete, null, null)).toEqual({ kind: 'postpone' });
  });
});

describe('the deletion guard on the members of a group', () => {
  const losses = (removals: number, members: number, more: Partial<MemberLosses> = {}): MemberLosses => ({
    ...{ removals, members, lastDay: 0, held: null },
    ...more,
  });
  const held = (decision: 'waiting' | 'approved' | 'rejected', count: number) => ({
    decision,
    count,
    why: 'Too many.',
  });

  it.each([
    ['as many as the floor', losses(100, 100), {}, 'pass'],
    ['more than the floor, and half of them', losses(500, 1000), {}, 'pass'],
    ['more than half of them', losses(501, 1000), {}, 'hold'],
    ['small steps within a day', losses(60, 120, { lastDay: 450 }), {}, 'hold'],
    ['few, where the job sets its own floor', losses(3, 5), { QuarantineTooManyDeletesMembersFloor: '2' }, 'hold'],
    ['all of them, without a share', losses(900, 900), { QuarantineTooManyDeletesMembersShare: 'off' }, 'pass'],
    ['all of them, with the guard off', losses(900, 900), { QuarantineTooManyDeletes: 'False' }, 'pass'],
    ['what waits, whatever is left of it', losses(1, 1000, { held: held('waiting', 600) }), {}, 'hold'],
    ['what waits no more, as nobody is to go', losses(0, 1000, { held: held('waiting', 600) }), {}, 'pass'],
    ['what was approved', losses(600, 1000, { held: held('approved', 600) }), {}, 'pass'],
    ['more than was approved', losses(601, 1000, { held: held('approved', 600) }), {}, 'hold'],
    ['what was rejected', losses(600, 1000, { held: held('rejected', 600) }), {}, 'keep'],
    ['more than was rejected', losses(601, 1000, { held: held('rejected', 600) }), {}, 'hold'],
  ])('invariant 4: judges %s', (_, given, settings, expected) => {
    expect(standingOfMembers(given, settings).kind).toBe(expected);
  });
});
