import { describe, expect, it } from 'vitest';
import type { AppRole, Entitlement } from '../../../src/rules/model/source-object.ts';
import type { KnownAttributes } from '../../../src/rules/model/target.ts';
import { rfcDialect } from '../../../src/rules/model/target.ts';
import { planObject } from '../../../src/rules/planning/plan-object.ts';
import { createBody } from '../../../src/rules/scim/build.ts';
import { patchOperations } from '../../../src/rules/scim/patch.ts';
import {
  definition,
  enterprise,
  entraPolicy,
  fingerprint,
  mapping,
  sampleRule,
  services,
  user,
} from '../mapping/sample-schema.ts';

const role = (id: string): AppRole => ({ id, value: id.toUpperCase(), displayName: `Role ${id}`, isEnabled: true });
const roles = [role('a'), role('b'), role('c')];
const holding = (...ids: readonly string[]): readonly Entitlement[] =>
  ids.map((appRoleId) => ({ appRoleId, via: 'direct', groupId: null }));
const single = 'roles[primary eq "True"].value';
const single2 = 'roles[primary eq "True"].display';

function planned(expression: string, target: string, held: readonly string[], known: KnownAttributes | null) {
  const rule = sampleRule('User', {
    users: {
      attributeMappings: [
        mapping('userName', '[userPrincipalName]', { matchingPriority: 1 }),
        mapping(target, `${expression}([appRoleAssignments])`),
      ],
    },
    definitions: [definition('roles')],
  });
  const link =
    known === null
      ? null
      : ({ jobId: 'j', sourceId: 'u1', type: 'User', targetId: 't1', displayName: 'a', state: 'active' } as const);
  return planObject({
    rule,
    candidate: {
      object: user(),
      entitlements: holding(...held),
      link:
        link === null ? null : { ...link, createdAt: services.now, known: { userName: 'anna@example.com', ...known } },
    },
    scope: {
      in: true,
      because: 'assigned',
      facts: { active: true, assigned: true, passedFilter: true, filterResults: {} },
    },
    match: { kind: 'unmatched' },
    roles,
    skipOutOfScopeDeletions: false,
    policy: entraPolicy,
    dialect: rfcDialect,
    services,
    fingerprint,
  });
}
const body = (...given: Parameters<typeof planned>) => {
  const action = planned(...given);
  return action.kind === 'create' ? createBody('User', enterprise, action.desired)['roles'] : action;
};
const patch = (...given: Parameters<typeof planned>) => {
  const action = planned(...given);
  return action.kind === 'update' ? patchOperations(action.changes, action.known) : action.because;
};
const element = (id: string, name: 'display' | 'displayName') => ({
  primary: false,
  type: 'WindowsAzureActiveDirectoryRole',
  [name]: `Role ${id}`,
  value: id.toUpperCase(),
});

describe('SingleAppRoleAssignment', () => {
  it('writes the one role, on create and on update', () => {
    expect(body('SingleAppRoleAssignment', single, ['a'], null)).toEqual([{ primary: true, value: 'A' }]);
    expect(patch('SingleAppRoleAssignment', single, ['b'], { [single]: 'A' })).toEqual([
      { op: 'replace', path: 'roles[primary eq true].value', value: 'B' },
    ]);
    expect(patch('SingleAppRoleAssignment', single2, ['b'], {})).toMatchObject([
      { op: 'add', path: 'roles', value: [{ primary: true, display: 'B' }] },
    ]);
  });

  it('fails the object with the number of roles when there are several', () => {
    expect(planned('SingleAppRoleAssignment', single, ['a', 'b'], null)).toMatchObject({
      kind: 'refuse',
      error: { code: 'AttributeEvaluationFailed', attribute: single },
    });
  });
});

describe('AppRoleAssignmentsComplex', () => {
  it('adds roles and takes none away, also not those of others', () => {
    const name = 'displayName';
    expect(body('AppRoleAssignmentsComplex', 'roles', ['a', 'b'], null)).toEqual([
      element('a', name),
      element('b', name),
    ]);
    const known = { roles: [element('a', name), { value: 'theirs' }] };
    expect(patch('AppRoleAssignmentsComplex', 'roles', ['b', 'a'], known)).toEqual([
      { op: 'add', path: 'roles', value: [element('b', name)] },
    ]);
    expect(patch('AppRoleAssignmentsComplex', 'roles', [], known)).toBe('RedundantExport');
  });
});

describe('AssertiveAppRoleAssignmentsComplex', () => {
  const known = { roles: [element('a', 'display'), element('b', 'display')] };

  it('writes the whole set, in the order of the application', () => {
    expect(body('AssertiveAppRoleAssignmentsComplex', 'roles', ['b', 'a'], null)).toEqual(known.roles);
    expect(patch('AssertiveAppRoleAssignmentsComplex', 'roles', ['c', 'a'], known)).toEqual([
      { op: 'replace', path: 'roles', value: [element('a', 'display'), element('c', 'display')] },
    ]);
    expect(patch('AssertiveAppRoleAssignmentsComplex', 'roles', ['b', 'a', 'b'], known)).toBe('RedundantExport');
  });

  it('takes the last role away from whoever is still assigned, and says nothing of others', () => {
    const byDefault = '00000000-0000-0000-0000-000000000000';
    expect(patch('AssertiveAppRoleAssignmentsComplex', 'roles', [byDefault], known)).toEqual([
      { op: 'remove', path: 'roles' },
    ]);
    expect(patch('AssertiveAppRoleAssignmentsComplex', 'roles', [], known)).toBe('RedundantExport');
  });

  it('hands the roles themselves on, for targets that take them in another form', () => {
    const action = planned('AssertiveAppRoleAssignmentsComplex', 'roles', ['b'], known);
    expect(action.kind === 'update' ? action.changes[0]?.roles : null).toEqual([role('b')]);
  });
});
