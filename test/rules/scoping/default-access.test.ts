// Who is entitled by Default Access, the role that an assignment has when it has none.
import { describe, expect, it } from 'vitest';
import type { AppRole, Entitlement } from '../../../src/rules/model/source-object.ts';
import { evaluateScope } from '../../../src/rules/scoping/evaluate-scope.ts';
import { sampleRule, user } from '../mapping/sample-schema.ts';

const DEFAULT = '00000000-0000-0000-0000-000000000000';
const role = (id: string, isEnabled = true): AppRole => ({ id, value: id, displayName: id, isEnabled });
const USER = role('user');
const MSIAM = role('msiam_access');
const own = (appRoleId: string): Entitlement => ({ appRoleId, via: 'direct', groupId: null });
const byGroup = (appRoleId: string): Entitlement => ({ appRoleId, via: 'group', groupId: 'g' });

const reasonFor = (entitlements: readonly Entitlement[], roles: readonly AppRole[], defaultAccessEntitles: boolean) =>
  evaluateScope(
    sampleRule('User'),
    { object: user(), entitlements, groups: { direct: [], transitive: [] } },
    { setting: 'assigned', roles, defaultAccessEntitles, now: new Date('2026-03-01T12:00:00Z') },
  ).because;

describe('default access', () => {
  it.each([
    ['alone', [own(DEFAULT)], [USER, MSIAM], 'not-effectively-entitled'],
    ['by a group alone', [byGroup(DEFAULT)], [USER], 'not-effectively-entitled'],
    ['where it is the only role of the application', [own(DEFAULT)], [], 'assigned'],
    ['where all other roles are switched off', [own(DEFAULT)], [role('old', false)], 'assigned'],
    ['beside the role User', [own(DEFAULT), own('user')], [USER, MSIAM], 'assigned'],
    ['beside a role by a group', [own(DEFAULT), byGroup('user')], [USER], 'assigned'],
    ['not at all, but msiam_access', [own('msiam_access')], [USER, MSIAM], 'assigned'],
    ['not at all, and nothing else', [], [USER], 'not-assigned'],
  ] as const)('%s', (_, entitlements, roles, because) => {
    expect(reasonFor(entitlements, roles, false)).toBe(because);
  });

  it('entitles like any other role where the job says so', () => {
    expect(reasonFor([own(DEFAULT)], [USER, MSIAM], true)).toBe('assigned');
  });
});
