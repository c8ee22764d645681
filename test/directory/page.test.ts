import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDeltaPage } from '../../src/directory/page.ts';
import type { DeltaPage } from '../../src/directory/page.ts';
import type { JsonObject } from '../../src/rules/model/json.ts';

const users = (round: DeltaPage['round'], ...values: JsonObject[]) =>
  readDeltaPage({ resource: 'users', round, selected: ['city', 'displayName', 'id', 'manager'], values });
const groups = (...values: JsonObject[]) =>
  readDeltaPage({ resource: 'groups', round: 'delta', selected: ['displayName', 'id', 'members'], values });
const live = (id: string, type = 'user'): JsonObject => ({ '@odata.type': `#microsoft.graph.${type}`, id });
const removed = (id: string, reason = 'deleted', type = 'user'): JsonObject => ({
  ...live(id, type),
  '@removed': { reason },
});

const managers: readonly (readonly [string, JsonObject, 'full' | 'delta', string | null | undefined])[] = [
  ['not mentioned in a delta round', {}, 'delta', undefined],
  ['absent from a whole entry of a full round', {}, 'full', null],
  ['set by manager@delta', { 'manager@delta': [live('m')] }, 'delta', 'm'],
  ['removed by manager@delta', { 'manager@delta': [removed('m')] }, 'delta', null],
  ['replaced, removal first', { 'manager@delta': [removed('old'), live('m')] }, 'delta', 'm'],
  ['replaced, removal last', { 'manager@delta': [live('m'), removed('old')] }, 'delta', 'm'],
  ['an empty manager@delta, which says nothing', { 'manager@delta': [] }, 'delta', undefined],
  ['a plain manager', { manager: live('m') }, 'delta', 'm'],
  ['a plain null manager', { manager: null }, 'delta', null],
];

describe('a delta page', () => {
  it.each(managers)('reads a manager: %s', (_, entry, round, expected) => {
    expect(users(round, { id: 'a', displayName: 'A', ...entry }).objects[0]?.managerId).toBe(expected);
  });

  it('in a delta round says nothing of properties that are absent', () => {
    expect(users('delta', { id: 'a', displayName: 'A' }).objects).toEqual([
      { id: 'a', type: 'User', attributes: { id: 'a', displayName: 'A' }, managerId: undefined },
    ]);
  });

  it('in a full round says that absent selected properties have no value', () => {
    expect(users('full', { id: 'a', displayName: 'A' }).objects[0]).toEqual({
      id: 'a',
      type: 'User',
      attributes: { id: 'a', displayName: 'A', city: null },
      managerId: null,
    });
  });

  it('invariant 1: a slice with nothing but a relation empties no property in a full round', () => {
    expect(users('full', { id: 'a', 'manager@delta': [live('m')] }).objects[0]).toEqual({
      id: 'a',
      type: 'User',
      attributes: { id: 'a' },
      managerId: 'm',
    });
  });

  it('keeps selected properties only, without annotations', () => {
    const entry = { ...live('a'), displayName: 'A', 'city@odata.type': '#String', extension_1_other: 'x' };
    expect(users('delta', entry).objects[0]?.attributes).toEqual({ id: 'a', displayName: 'A' });
  });

  it('merges an object that comes several times in the order of the page', () => {
    const page = users(
      'full',
      { id: 'a', displayName: 'A', city: 'Bonn' },
      { id: 'b', displayName: 'B' },
      { id: 'a', displayName: 'A2', 'manager@delta': [live('m')] },
    );
    expect(page.objects).toEqual([
      { id: 'a', type: 'User', attributes: { id: 'a', displayName: 'A2', city: 'Bonn' }, managerId: 'm' },
      { id: 'b', type: 'User', attributes: { id: 'b', displayName: 'B', city: null }, managerId: null },
    ]);
  });

  it.each([
    ['changed', 'soft-deleted'],
    ['deleted', 'hard-deleted'],
  ])('reads the removal reason "%s" as %s', (reason, presence) => {
    expect(users('delta', { id: 'a', '@removed': { reason } })).toEqual({
      objects: [],
      tombstones: [{ id: 'a', type: 'User', presence }],
      memberships: [],
    });
  });

  it('takes the last word on an object that is removed and restored in one page', () => {
    expect(users('delta', { id: 'a', '@removed': { reason: 'changed' } }, { id: 'a', displayName: 'A' })).toMatchObject(
      {
        objects: [{ id: 'a', attributes: { displayName: 'A' } }],
        tombstones: [],
      },
    );
    expect(users('delta', { id: 'a', displayName: 'A' }, { id: 'a', '@removed': { reason: 'deleted' } })).toMatchObject(
      {
        objects: [],
        tombstones: [{ id: 'a', presence: 'hard-deleted' }],
      },
    );
  });

  it('invariant 2: uses nothing of a page with a removal it does not understand, an entry without id, or a member without type', () => {
    expect(() => users('delta', { id: 'b' }, { id: 'a', '@removed': { reason: 'evaporated' } })).toThrow(/evaporated/);
    expect(() => users('delta', { displayName: 'A' })).toThrow(/without an id/);
    expect(() => groups({ id: 'g', 'members@delta': [{ id: 'm' }] })).toThrow(/without its type/);
    expect(() => users('delta', { id: 'a', 'manager@delta': 'm' })).toThrow(/not a list/);
    expect(() => groups({ id: 'g', 'members@delta': ['m'] })).toThrow(/not a list/);
  });

  it('reads members with their types, removals as not present, and slices of one group together', () => {
    const page = groups(
      { id: 'g', displayName: 'G', 'members@delta': [live('u'), live('n', 'group'), live('d', 'device')] },
      { id: 'g', displayName: 'G', 'members@delta': [removed('x'), removed('u')] },
    );
    expect(page.objects).toHaveLength(1);
    expect(page.memberships).toEqual([
      { groupId: 'g', memberId: 'u', memberType: 'User', present: false },
      { groupId: 'g', memberId: 'n', memberType: 'Group', present: true },
      { groupId: 'g', memberId: 'd', memberType: 'Other', present: true },
      { groupId: 'g', memberId: 'x', memberType: 'User', present: false },
    ]);
  });

  it('ignores objects of other types', () => {
    expect(users('delta', live('g', 'group'), live('a'))).toMatchObject({ objects: [{ id: 'a' }], tombstones: [] });
  });

  it('never mentions an id twice in a list, whatever the page holds', () => {
    const entry = fc.oneof(
      fc.record({ id: fc.constantFrom('a', 'b', 'c'), displayName: fc.string() }),
      fc.record({
        id: fc.constantFrom('a', 'b', 'c'),
        '@removed': fc.record({ reason: fc.constantFrom('changed', 'deleted') }),
      }),
      fc.record({
        id: fc.constantFrom('a', 'b', 'c'),
        'members@delta': fc.array(fc.constantFrom(live('m'), removed('m'), live('n'))),
      }),
    );
    fc.assert(
      fc.property(fc.array(entry), (values) => {
        const page = groups(...values);
        const ids = [...page.objects, ...page.tombstones].map((o) => o.id);
        expect(new Set(ids).size).toBe(ids.length);
        expect([...ids].sort()).toEqual([...new Set(values.map((v) => v.id))].sort());
        const pairs = page.memberships.map((m) => `${m.groupId} ${m.memberId}`);
        expect(new Set(pairs).size).toBe(pairs.length);
      }),
    );
  });
});
