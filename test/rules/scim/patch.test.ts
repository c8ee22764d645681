import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttributeChange } from '../../../src/rules/model/decisions.ts';
import type { Json } from '../../../src/rules/model/json.ts';
import { createBody, knownFrom } from '../../../src/rules/scim/build.ts';
import { managerOperation, memberOperations, patchOperations } from '../../../src/rules/scim/patch.ts';
import type { MemberOperation } from '../../../src/rules/scim/patch.ts';
import { applyPatch } from './apply-patch.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const change = (path: string, before: Json, after: Json): AttributeChange => ({
  path,
  op: after === null ? 'remove' : before === null ? 'add' : 'replace',
  before,
  after,
});

describe('PATCH operations', () => {
  it('write each attribute under its own path', () => {
    const changes = [
      change('active', true, false),
      change('name.givenName', 'Ann', 'Anna'),
      change('title', 'CEO', null),
      change(`${enterprise}:department`, null, 'IT'),
    ];
    expect(patchOperations(changes, { active: true, 'name.givenName': 'Ann', title: 'CEO' })).toEqual([
      { op: 'replace', path: 'active', value: false },
      { op: 'replace', path: 'name.givenName', value: 'Anna' },
      { op: 'remove', path: 'title' },
      { op: 'add', path: `${enterprise}:department`, value: 'IT' },
    ]);
  });

  it('add a typed element as a whole while nothing of it is known', () => {
    const changes = [
      change('addresses[type eq "work"].locality', null, 'Umeå'),
      change('title', null, 'CEO'),
      change('addresses[type eq "work"].country', null, 'SE'),
    ];
    expect(patchOperations(changes, { 'addresses[type eq "other"].country': 'NO' })).toEqual([
      {
        op: 'add',
        path: 'addresses',
        value: [{ type: 'work', locality: 'Umeå', country: 'SE' }],
        selects: { attribute: 'type', value: 'work' },
      },
      { op: 'add', path: 'title', value: 'CEO' },
    ]);
  });

  it('change a known typed element by its sub-attributes', () => {
    const changes = [
      change('addresses[type eq "work"].locality', 'Umeå', 'Luleå'),
      change('addresses[type eq "work"].region', null, 'BD'),
    ];
    expect(patchOperations(changes, { 'addresses[type eq "work"].locality': 'Umeå' })).toEqual([
      { op: 'replace', path: 'addresses[type eq "work"].locality', value: 'Luleå' },
      { op: 'add', path: 'addresses[type eq "work"].region', value: 'BD' },
    ]);
  });

  it('replace a multi-valued attribute as a whole', () => {
    expect(patchOperations([change('roles', ['A'], ['A', 'B'])], { roles: ['A'] })).toEqual([
      { op: 'replace', path: 'roles', value: ['A', 'B'] },
    ]);
  });

  const paths = [
    'userName',
    'active',
    'name.givenName',
    'name.familyName',
    'emails[type eq "work"].value',
    'addresses[type eq "work"].locality',
    'addresses[type eq "work"].country',
    'addresses[type eq "other"].country',
    'roles[primary eq "True"].value',
    `${enterprise}:department`,
  ];
  const state = fc.record(Object.fromEntries(paths.map((p) => [p, fc.option(fc.constantFrom('x', 'y', 'z'))])));

  it('turn any account into any other, and send nothing where nothing differs', () => {
    fc.assert(
      fc.property(state, state, (from, to) => {
        // What flows is never cleared: null on the desired side leaves the value alone.
        const known = Object.fromEntries(paths.flatMap((p) => (from[p] == null ? [] : [[p, from[p]]])));
        const changes = paths.flatMap((p) =>
          to[p] == null || to[p] === known[p] ? [] : [change(p, known[p] ?? null, to[p])],
        );
        const operations = patchOperations(changes, known);
        const after = applyPatch(createBody('User', enterprise, known), operations);
        const expected = { ...known, ...Object.fromEntries(changes.map((c) => [c.path, c.after])) };
        expect(knownFrom(after as Record<string, Json>, paths)).toEqual(expected);
        expect(operations.length).toBeLessThanOrEqual(changes.length);
      }),
    );
  });
});

describe('member operations', () => {
  it('invariant 7: every removal names its member, whatever its id looks like', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), fc.integer({ min: -1, max: 7 }), (remove, size) => {
        const operations = memberOperations({ add: [], remove }, size).flat();
        expect(operations.map(({ path }) => path)).toEqual(
          remove.map((id) => `members[value eq ${JSON.stringify(id)}]`),
        );
      }),
    );
  });

  it('change at most so many members in one request, and each exactly once', () => {
    const ids = fc.uniqueArray(fc.stringMatching(/^[0-9a-f]{1,6}$/));
    fc.assert(
      fc.property(ids, ids, fc.integer({ min: 1, max: 9 }), (add, others, size) => {
        const remove = others.filter((id) => !add.includes(id));
        const batches = memberOperations({ add: [...add, ...add], remove }, size);
        const before: Record<string, unknown> = { members: remove.map((value) => ({ value })) };
        const after = batches.reduce((group, batch) => applyPatch(group, batch), before);
        expect(after['members'] ?? []).toEqual(add.map((value) => ({ value })));
        for (const batch of batches) expect(membersIn(batch)).toBeLessThanOrEqual(size);
        expect(batches.length).toBe(Math.ceil((add.length + remove.length) / size));
      }),
    );
  });
});

const membersIn = (batch: readonly MemberOperation[]): number =>
  batch.reduce((sum, operation) => sum + (operation.op === 'add' ? operation.value.length : 1), 0);

describe('manager operation', () => {
  const path = `${enterprise}:manager`;
  it.each([
    ['7', null, { op: 'add', path, value: { value: '7' } }],
    ['7', '8', { op: 'replace', path, value: { value: '7' } }],
    [null, '8', { op: 'remove', path }],
  ])('to %s from %s', (targetId, known, operation) => {
    expect(managerOperation(path, targetId, known)).toEqual(operation);
  });
  it('writes the bare id where the mapping names the value', () => {
    expect(managerOperation(`${path}.value`, '7', null)).toEqual({ op: 'add', path: `${path}.value`, value: '7' });
  });
  it('has nothing to write where nothing differs', () => {
    expect(() => managerOperation(path, '7', '7')).toThrow('nothing to write');
  });
});
