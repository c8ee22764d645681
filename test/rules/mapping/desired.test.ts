import { describe, expect, it } from 'vitest';
import { desiredAttributes } from '../../../src/rules/mapping/desired.ts';
import type { MappingInput } from '../../../src/rules/mapping/mapped-value.ts';
import type { AttributeMapping } from '../../../src/rules/model/schema.ts';
import type { AttributeDefinition } from '../../../src/rules/model/schema.ts';
import {
  activeExpression,
  byGroup,
  definition,
  directly,
  enterprise,
  mapping,
  sampleRule,
  services,
  user,
} from './sample-schema.ts';

const input = (rest: Partial<MappingInput> = {}): MappingInput => ({
  object: user(),
  softDeleted: false,
  entitlements: directly,
  roles: [{ id: 'r1', value: 'admin', displayName: 'Administrator', isEnabled: true }],
  operation: 'create',
  services,
  ...rest,
});
const of = (
  mappings: readonly AttributeMapping[],
  rest: Partial<MappingInput> = {},
  definitions: readonly AttributeDefinition[] = [],
) => desiredAttributes(sampleRule('User', { users: { attributeMappings: mappings }, definitions }), input(rest));

describe('the desired attributes', () => {
  it('are what the mappings give; null flows nothing', () => {
    expect(desiredAttributes(sampleRule('User'), input())).toEqual({
      kind: 'desired',
      desired: {
        userName: 'anna@example.com',
        active: true,
        displayName: 'Anna Ek',
        'emails[type eq "work"].value': 'anna.ek@example.com',
        'name.formatted': 'Anna Ek',
        'addresses[type eq "work"].locality': 'Umeå',
        [`${enterprise}:department`]: 'IT',
      },
    });
  });

  it('take the default value on create only, but a mapping of type None always', () => {
    const mappings = [
      mapping('title', '[jobTitle]', { defaultValue: 'Staff' }),
      mapping('locale', null, { defaultValue: 'sv' }),
    ];
    expect(of(mappings)).toEqual({ kind: 'desired', desired: { title: 'Staff', locale: 'sv' } });
    expect(of(mappings, { operation: 'update' })).toEqual({ kind: 'desired', desired: { locale: 'sv' } });
  });

  it('leave out on update what flows only during object creation', () => {
    const mappings = [mapping('nickName', '[givenName]', { flowType: 'ObjectAddOnly' })];
    expect(of(mappings)).toEqual({ kind: 'desired', desired: { nickName: 'Anna' } });
    expect(of(mappings, { operation: 'update' })).toEqual({ kind: 'desired', desired: {} });
  });

  it.each([
    ['Boolean', '"True"', true],
    ['Boolean', '[accountEnabled]', true],
    ['Boolean', '"1"', true],
    ['String', '[accountEnabled]', 'True'],
    ['Integer', '"42"', 42],
    ['Integer', 'NumFromDate("12/31/9999 11:59:59 PM")', '2650467743990000000'],
    ['String', 'CDate("2020-03-16")', '3/16/2020 12:00:00 AM'],
  ] as const)('are typed as the target wants them: %s from %s', (type, expression, expected) => {
    expect(of([mapping('x', expression)], {}, [definition('x', { type })])).toEqual({
      kind: 'desired',
      desired: { x: expected },
    });
  });

  it('stay a list on a multi-valued target, and are one value on others', () => {
    const object = user({ proxyAddresses: ['a', 'b'], otherMails: ['c'] });
    const many = definition('many', { multivalued: true });
    expect(of([mapping('many', '[proxyAddresses]')], { object }, [many])).toEqual({
      kind: 'desired',
      desired: { many: ['a', 'b'] },
    });
    expect(of([mapping('many', '[mail]')], { object }, [many])).toEqual({
      kind: 'desired',
      desired: { many: ['anna.ek@example.com'] },
    });
    expect(of([mapping('one', '[otherMails]')], { object })).toEqual({ kind: 'desired', desired: { one: 'c' } });
    expect(of([mapping('one', '[proxyAddresses]')], { object })).toMatchObject({
      kind: 'error',
      error: { code: 'AttributeEvaluationFailed', attribute: 'one' },
    });
  });

  it('know the roles that the object holds, and no others', () => {
    const mappings = [mapping('roles[primary eq "True"].value', 'SingleAppRoleAssignment([appRoleAssignments])')];
    expect(of(mappings, { entitlements: byGroup })).toEqual({
      kind: 'desired',
      desired: { 'roles[primary eq "True"].value': 'admin' },
    });
    expect(of(mappings)).toEqual({ kind: 'desired', desired: {} });
    const complex = [mapping('roles', 'AssertiveAppRoleAssignmentsComplex([appRoleAssignments])')];
    expect(of(complex, { entitlements: byGroup }, [definition('roles', { multivalued: true })])).toMatchObject({
      desired: { roles: [{ value: 'admin', primary: false }] },
    });
  });

  it('follow IsSoftDeleted', () => {
    expect(of([mapping('active', activeExpression)], { softDeleted: true })).toEqual({
      kind: 'desired',
      desired: { active: false },
    });
  });

  it('leave an attribute or the whole object alone where a mapping says so', () => {
    const filter = (branch: string) => mapping('objectFilter', `IIF([department]="IT", ${branch}, "False")`);
    expect(of([filter('IgnoreObjectFlow')])).toEqual({ kind: 'ignore-object' });
    expect(of([filter('IgnoreAttributeFlow'), mapping('title', '[mail]')])).toEqual({
      kind: 'desired',
      desired: { title: 'anna.ek@example.com' },
    });
    expect(of([mapping('objectFilter', '"False"')])).toEqual({ kind: 'desired', desired: {} });
  });

  it('fail as a whole when a mapping cannot be evaluated or typed', () => {
    const error = (expression: string, type: 'Boolean' | 'String') =>
      of([mapping('x', expression)], {}, [definition('x', { type })]);
    expect(error('[displayName]', 'Boolean')).toMatchObject({
      kind: 'error',
      error: { code: 'AttributeEvaluationFailed', attribute: 'x' },
    });
    expect(error('CDate("never")', 'String')).toMatchObject({
      kind: 'error',
      error: { code: 'AttributeEvaluationFailed' },
    });
  });

  it('miss a required attribute on create, not on update', () => {
    const rule = [mapping('userName', '[jobTitle]')];
    expect(of(rule)).toMatchObject({ kind: 'error', error: { code: 'MandatoryFieldsMissing', attribute: 'userName' } });
    expect(of(rule, { object: user({ jobTitle: '' }) })).toMatchObject({
      kind: 'error',
      error: { code: 'MandatoryFieldsMissing' },
    });
    expect(of(rule, { operation: 'update' })).toEqual({ kind: 'desired', desired: {} });
  });
});
