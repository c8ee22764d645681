import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action } from '../../../src/rules/model/decisions.ts';
import { deletionLimit, guardDeletions } from '../../../src/rules/safety/deletion-guard.ts';

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
