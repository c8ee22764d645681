import { describe, expect, it } from 'vitest';
import { compileSchema, ruleFor, selectedProperties } from '../../../src/rules/mapping/compile.ts';
import {
  clause,
  definition,
  enterprise,
  filterOf,
  mapping,
  sampleRule,
  sampleSchema,
  userMappings,
} from './sample-schema.ts';

describe('a compiled schema', () => {
  it('puts users before groups and keeps references apart', () => {
    const compiled = compileSchema(sampleSchema());
    expect(compiled.rules.map(({ type, resourceType }) => [type, resourceType])).toEqual([
      ['User', 'User'],
      ['Group', 'Group'],
    ]);
    expect(compiled.targetDirectoryName).toBe('customappsso');
    const [users, groups] = compiled.rules;
    expect(users).toMatchObject({ managerPaths: [`${enterprise}:manager`], membersPath: null });
    expect(groups).toMatchObject({ managerPaths: [], membersPath: 'members' });
    expect(users?.mappings.map(({ targetPath }) => targetPath)).not.toContain(`${enterprise}:manager`);
    expect(groups?.mappings.map(({ targetPath }) => targetPath)).toEqual(['displayName', 'externalId']);
  });

  it('orders matching attributes by precedence and knows which mappings disable an account', () => {
    const rule = sampleRule('User', {
      users: { attributeMappings: [mapping('externalId', '[objectId]', { matchingPriority: 2 }), ...userMappings] },
    });
    expect(rule.matching.map(({ targetPath }) => targetPath)).toEqual(['userName', 'externalId']);
    expect(rule.mappings.filter((m) => m.usesSoftDeleted).map(({ targetPath }) => targetPath)).toEqual(['active']);
  });

  it('types mappings by the target definition, in any case of its name', () => {
    const rule = sampleRule('User', {
      definitions: [definition('TITLE', { caseExact: false, required: true, defaultValue: 'none' })],
    });
    expect(rule.mappings.find(({ targetPath }) => targetPath === 'title')).toMatchObject({
      targetType: 'String',
      caseExact: false,
      required: true,
      defaultValue: 'none',
    });
  });

  it('takes the target object actions from the flow types', () => {
    expect(sampleRule('User', { users: { flowTypes: ['Update'] } }).actions).toEqual({
      create: false,
      update: true,
      delete: false,
    });
  });

  it('has no rule for a type that no mapping names', () => {
    expect(ruleFor({ rules: [], targetDirectoryName: '' }, 'Group')).toBeNull();
  });

  it('calls a saved mapping that does not parse a bug', () => {
    const broken = {
      ...mapping('title', '[jobTitle]'),
      source: { type: 'Function', name: 'Nonsense', expression: 'Nonsense(', parameters: [] },
    } as const;
    expect(() => sampleRule('User', { users: { attributeMappings: [broken] } })).toThrow(/title does not parse/);
    expect(() => sampleRule('User', { users: { attributeMappings: [mapping('a b', '[mail]')] } })).toThrow(
      /not a SCIM attribute path/,
    );
  });
});

describe('the properties to select', () => {
  it('are those of all mappings and filters, by Graph’s names, sorted and once', () => {
    const extension = 'extension_0123456789abcdef0123456789abcdef_badge';
    const attributeMappings = [
      mapping('phoneNumbers[type eq "work"].value', '[telephoneNumber]'),
      mapping('title', `Join("", [extensionAttribute3], [${extension}], [IsSoftDeleted])`),
    ];
    const schema = sampleSchema({
      users: {
        attributeMappings,
        scope: filterOf([clause('department', 'IS NOT NULL')], [clause('employeeId', 'IS NULL')]),
      },
      groups: { enabled: false },
    });
    expect(selectedProperties([schema, schema])).toEqual({
      User: [
        'accountEnabled',
        'businessPhones',
        'department',
        'displayName',
        'employeeId',
        extension,
        'id',
        'manager',
        'onPremisesExtensionAttributes',
        'userPrincipalName',
        'userType',
      ],
      Group: ['displayName', 'id', 'members', 'securityEnabled'],
    });
  });
  it('are the ones always needed without any schema', () => {
    expect(selectedProperties([]).Group).toEqual(['displayName', 'id', 'members', 'securityEnabled']);
  });
});
