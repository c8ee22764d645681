import { describe, expect, it } from 'vitest';
import type { ScopeSetting } from '../../../src/rules/model/job.ts';
import type { FilterGroup, ScopeFilter } from '../../../src/rules/model/schema.ts';
import type { Entitlement } from '../../../src/rules/model/source-object.ts';
import { evaluateScope } from '../../../src/rules/scoping/evaluate-scope.ts';
import type { ScopeContext, ScopeInput } from '../../../src/rules/scoping/evaluate-scope.ts';
import { byGroup, clause, directly, filterOf, group, sampleRule, user } from '../mapping/sample-schema.ts';

const now = new Date('2026-03-01T12:00:00Z');
const groupsOf = (direct: readonly string[] = [], transitive: readonly string[] = []) => ({ direct, transitive });
const contextOf = (setting: ScopeSetting): ScopeContext => ({ setting, roles: [], defaultAccessEntitles: true, now });
const nowhere = groupsOf();

const users = sampleRule('User');
const groups = sampleRule('Group');
const itOnly = sampleRule('User', { users: { scope: filterOf([clause('department', 'EQUALS', 'IT')]) } });

describe('scope', () => {
  it.each([
    ['assigned', user(), directly, 'assigned', 'assigned'],
    ['a member of an assigned group', user(), byGroup, 'assigned', 'assigned'],
    ['anybody when all are synchronized', user(), [], 'all', 'sync-all'],
  ] as const)('takes a user who is %s', (_, object, entitlements, setting, because) => {
    const verdict = evaluateScope(users, { object, entitlements, groups: nowhere }, contextOf(setting));
    expect(verdict).toMatchObject({ in: true, because, facts: { active: true, passedFilter: true } });
  });

  it.each([
    ['hard-deleted', user({}, { presence: 'hard-deleted' }), directly],
    ['soft-deleted', user({ accountEnabled: false }, { presence: 'soft-deleted' }), directly],
    ['account-disabled', user({ accountEnabled: false }), []],
    ['not-assigned', user({ department: 'HR' }), []],
    ['filtered-out', user({ department: 'HR' }), directly],
  ] as const)('names %s first', (because, object, entitlements) => {
    expect(evaluateScope(itOnly, { object, entitlements, groups: nowhere }, contextOf('assigned'))).toMatchObject({
      in: false,
      because,
    });
  });

  it('takes a group only when it is assigned itself, and only a security group', () => {
    const verdict = (object = group(), entitlements = directly, setting: 'assigned' | 'all' = 'assigned') =>
      evaluateScope(groups, { object, entitlements, groups: nowhere }, contextOf(setting));
    expect(verdict()).toMatchObject({ in: true });
    expect(verdict(group(), byGroup)).toMatchObject({ in: false, because: 'not-assigned' });
    expect(verdict(group({ securityEnabled: false }))).toMatchObject({
      in: false,
      because: 'group-not-security-enabled',
    });
    expect(verdict(group({ securityEnabled: false }), [], 'all')).toMatchObject({ in: true, because: 'sync-all' });
    expect(verdict(group({ accountEnabled: false }))).toMatchObject({ in: true });
  });

  it('leaves alone whoever an input filter keeps out, whatever else is true of them', () => {
    const rule = sampleRule('User', {
      users: { scope: filterOf([clause('department', 'EQUALS', 'IT')], [clause('userType', 'NOT EQUALS', 'Guest')]) },
    });
    const scope = (attributes = {}) =>
      evaluateScope(rule, { object: user(attributes), entitlements: [], groups: nowhere }, contextOf('all'));
    expect(scope({ userType: 'Guest', accountEnabled: false, department: 'HR' })).toMatchObject({
      in: 'ignored',
      because: 'input-filter',
    });
    expect(scope({ userType: 'Member' })).toMatchObject({ in: true });
    expect(scope()).toMatchObject({ in: true });
  });

  it('gives the evidence with every verdict', () => {
    const { facts } = evaluateScope(
      itOnly,
      { object: user({ department: 'HR' }), entitlements: directly, groups: nowhere },
      contextOf('assigned'),
    );
    expect(facts).toEqual({
      active: true,
      assigned: true,
      assignedBy: ['itself'],
      passedFilter: false,
      filterResults: { 'department EQUALS department EQUALS IT': false },
    });
  });

  it('reads a missing value as Entra does: input filters let it pass the negative operators, the others do not', () => {
    const isMember = [clause('userType', 'NOT EQUALS', 'Guest')];
    const verdict = (scope: Partial<ScopeFilter>) =>
      evaluateScope(
        sampleRule('User', { users: { scope: { ...filterOf([]), ...scope } } }),
        { object: user(), entitlements: [], groups: nowhere },
        contextOf('all'),
      );
    expect(verdict({ inputFilterGroups: isMember })).toMatchObject({ in: true });
    expect(verdict({ categoryFilterGroups: isMember })).toMatchObject({ in: 'ignored' });
    expect(verdict({ groups: isMember })).toMatchObject({ in: false, because: 'filtered-out' });
  });

  it('shows the clauses of input filters beside the others', () => {
    const scope = filterOf([clause('department', 'EQUALS', 'IT')], [clause('userType', 'NOT EQUALS', 'Guest')]);
    const { facts } = evaluateScope(
      sampleRule('User', { users: { scope } }),
      { object: user({ userType: 'Guest' }), entitlements: [], groups: nowhere },
      contextOf('all'),
    );
    expect(facts.filterResults).toEqual({
      'Input filter: userType NOT EQUALS userType NOT EQUALS Guest': false,
      'department EQUALS department EQUALS IT': true,
    });
  });
});

describe('filters beyond Entra', () => {
  const roles = [
    { id: 'r1', value: 'admin', displayName: 'Administrator', isEnabled: true },
    { id: 'r2', value: 'reader', displayName: 'Reader', isEnabled: true },
  ];
  const passes = (filter: FilterGroup, input: Partial<ScopeInput> & { readonly managerId?: string }) => {
    const { managerId = null, ...rest } = input;
    const object = user({}, { managerId });
    const verdict = evaluateScope(
      sampleRule('User', { users: { scope: filterOf([filter]) } }),
      { object, entitlements: [], groups: nowhere, ...rest },
      { setting: 'all', defaultAccessEntitles: true, roles, now },
    );
    return verdict.facts.passedFilter;
  };

  it('tell members of groups, directly or through others', () => {
    const groups = groupsOf(['g1'], ['g1', 'g2']);
    expect(passes(clause('memberOf', 'EQUALS', 'g1'), { groups })).toBe(true);
    expect(passes(clause('memberOf', 'EQUALS', 'g2'), { groups })).toBe(false);
    expect(passes(clause('transitiveMemberOf', 'EQUALS', 'g2'), { groups })).toBe(true);
    expect(passes(clause('memberOf', 'NOT EQUALS', 'g2'), {})).toBe(true);
  });

  it('tell holders of roles by id, value and display name, of the default role by its id', () => {
    const entitlements = [{ appRoleId: 'r1', via: 'direct' as const, groupId: null }, ...directly];
    expect(passes(clause('appRoleAssignments', 'EQUALS', 'admin'), { entitlements })).toBe(true);
    expect(passes(clause('appRoleAssignments', 'EQUALS', 'Administrator'), { entitlements })).toBe(true);
    expect(passes(clause('appRoleAssignments', 'EQUALS', 'reader'), { entitlements })).toBe(false);
    expect(
      passes(clause('appRoleAssignments', 'EQUALS', '00000000-0000-0000-0000-000000000000'), { entitlements }),
    ).toBe(true);
    expect(passes(clause('appRoleAssignments', 'NOT EQUALS', 'admin'), {})).toBe(true);
  });

  it('tell who reports to somebody, and who to nobody', () => {
    expect(passes(clause('manager', 'EQUALS', 'm1'), { managerId: 'm1' })).toBe(true);
    expect(passes(clause('manager', 'IS NULL'), {})).toBe(true);
  });
});

describe('the words of an assignment', () => {
  it('name the group, and the nested one through which it reaches the user', () => {
    const entitlements: readonly Entitlement[] = [
      { appRoleId: 'r', via: 'group', groupId: 'g1', groupName: 'Sales', through: { id: 'g2', name: 'Sales EMEA' } },
      { appRoleId: 'r', via: 'group', groupId: 'g3', groupName: null },
      ...directly,
    ];
    const { facts } = evaluateScope(users, { object: user(), entitlements, groups: nowhere }, contextOf('assigned'));
    expect(facts.assignedBy).toEqual([
      "group 'Sales' (g1) through its nested group 'Sales EMEA' (g2)",
      'group g3',
      'itself',
    ]);
  });
});
