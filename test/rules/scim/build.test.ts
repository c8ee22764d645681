import { describe, expect, it } from 'vitest';
import { createBody, knownFrom } from '../../../src/rules/scim/build.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

describe('the body of a create', () => {
  it('nests paths, merges typed elements and lists the schemas used', () => {
    const body = createBody('User', enterprise, {
      userName: 'anna@example.com',
      active: true,
      'name.givenName': 'Anna',
      'name.familyName': 'Ek',
      'emails[type eq "work"].value': 'anna@example.com',
      'addresses[type eq "work"].locality': 'Umeå',
      'addresses[type eq "work"].country': 'SE',
      'phoneNumbers[type eq "work"].value': '1',
      'phoneNumbers[type eq "mobile"].value': '2',
      'roles[primary eq "True"].value': 'Admin',
      [`${enterprise}:department`]: 'IT',
      nickName: null,
    });
    expect(body).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', enterprise],
      userName: 'anna@example.com',
      active: true,
      name: { givenName: 'Anna', familyName: 'Ek' },
      emails: [{ type: 'work', value: 'anna@example.com' }],
      addresses: [{ type: 'work', locality: 'Umeå', country: 'SE' }],
      phoneNumbers: [
        { type: 'work', value: '1' },
        { type: 'mobile', value: '2' },
      ],
      roles: [{ primary: true, value: 'Admin' }],
      [enterprise]: { department: 'IT' },
    });
  });

  it('names no extension that it does not use', () => {
    expect(createBody('User', enterprise, { userName: 'a', [`${enterprise}:department`]: null })['schemas']).toEqual([
      'urn:ietf:params:scim:schemas:core:2.0:User',
    ]);
    expect(createBody('Group', 'urn:ietf:params:scim:schemas:core:2.0:Group', { displayName: 'G' })).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: 'G',
    });
  });
});

describe('what is known of an account that was read', () => {
  it('leaves out what is absent or null, and takes a reference by its id', () => {
    const resource = { userName: 'a', title: null, [enterprise]: { manager: { value: '7', displayName: 'Bo' } } };
    expect(knownFrom(resource, ['userName', 'title', 'name.givenName', `${enterprise}:manager`])).toEqual({
      userName: 'a',
      [`${enterprise}:manager`]: '7',
    });
  });
});
