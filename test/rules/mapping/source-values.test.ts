import { describe, expect, it } from 'vitest';
import { sourceValue } from '../../../src/rules/mapping/source-values.ts';
import { group, user } from './sample-schema.ts';

const role = { id: 'r1', value: 'admin', displayName: 'Administrator', isEnabled: true };
const facts = { softDeleted: true, roles: [role] };

describe('source attributes', () => {
  const object = user(
    {
      businessPhones: ['+46 1', '+46 2'],
      onPremisesExtensionAttributes: { extensionAttribute7: 'seven', extensionAttribute8: null },
      proxyAddresses: ['SMTP:a@b', 'smtp:c@d'],
      onPremisesSyncEnabled: true,
      officeLocation: 'B2',
      extension_ab_cost: 12,
    },
    { managerId: 'u9' },
  );
  it.each([
    ['objectId', 'u1'],
    ['telephoneNumber', '+46 1'],
    ['extensionAttribute7', 'seven'],
    ['extensionAttribute8', null],
    ['extensionAttribute9', null],
    ['proxyAddresses', ['SMTP:a@b', 'smtp:c@d']],
    ['dirSyncEnabled', true],
    ['physicalDeliveryOfficeName', 'B2'],
    ['extension_ab_cost', 12],
    ['jobTitle', null],
    ['usageLocation', null],
    ['IsSoftDeleted', true],
    ['manager', 'u9'],
    ['appRoleAssignments', [{ id: 'r1', value: 'admin', displayName: 'Administrator' }]],
    ['noSuchAttribute', null],
  ])('%s', (name, value) => {
    expect(sourceValue(object, name, facts)).toEqual(value);
  });

  it.each([
    ['anna_fabrikam.com#EXT#@contoso.onmicrosoft.com', 'anna@fabrikam.com'],
    ['anna_maria_fabrikam.com#ext#@contoso.onmicrosoft.com', 'anna_maria@fabrikam.com'],
    ['anna@contoso.com', 'anna@contoso.com'],
    ['odd#EXT#@contoso.onmicrosoft.com', 'odd'],
  ])('restores the name a guest has at home: %s', (userPrincipalName, expected) => {
    const guest = user({ userPrincipalName });
    expect(sourceValue(guest, 'userPrincipalName', facts)).toBe(expected);
    expect(sourceValue(guest, 'originalUserPrincipalName', facts)).toBe(userPrincipalName);
  });

  it('of a group', () => {
    expect(sourceValue(group({ mailEnabled: false }), 'mailEnabled', facts)).toBe(false);
    expect(sourceValue(group(), 'jobTitle', facts)).toBeNull();
  });

  it('without a phone, the first phone is nothing', () => {
    expect(sourceValue(user({ businessPhones: [] }), 'telephoneNumber', facts)).toBeNull();
  });
});
