import { describe, expect, it } from 'vitest';
import type { ScopeSetting } from '../../../src/rules/model/job.ts';
import { evaluateScope } from '../../../src/rules/scoping/evaluate-scope.ts';
import type { ScopeContext } from '../../../src/rules/scoping/evaluate-scope.ts';
import { byGroup, clause, directly, filterOf, group, sampleRule, user } from '../mapping/sample-schema.ts';

const now = new Date('2026-03-01T12:00:00Z');
const groupsOf = (direct: readonly string[] = [], transitive: readonly string[] = []) => ({ direct, transitive });
const contextOf = (setting: ScopeSetting): ScopeContext => ({ setting, roles: [], now });
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
      passedFilter: false,
      filterResults: { 'department EQUALS department EQUALS IT': false },
    });
  });
});
