import { describe, expect, it } from 'vitest';
import { parsePath, pathOf, printPath } from '../../../src/rules/scim/path.ts';
import { readPath } from '../../../src/rules/scim/read-path.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

describe('attribute paths', () => {
  it.each([
    ['userName', { schema: null, attribute: 'userName', filter: null, subAttribute: null }],
    ['name.givenName', { schema: null, attribute: 'name', filter: null, subAttribute: 'givenName' }],
    [
      'emails[type eq "work"].value',
      { schema: null, attribute: 'emails', filter: { attribute: 'type', value: 'work' }, subAttribute: 'value' },
    ],
    [
      'roles[primary eq "True"].value',
      { schema: null, attribute: 'roles', filter: { attribute: 'primary', value: true }, subAttribute: 'value' },
    ],
    [
      'roles[primary eq true]',
      { schema: null, attribute: 'roles', filter: { attribute: 'primary', value: true }, subAttribute: null },
    ],
    [`${enterprise}:manager`, { schema: enterprise, attribute: 'manager', filter: null, subAttribute: null }],
    [`${enterprise}:manager.value`, { schema: enterprise, attribute: 'manager', filter: null, subAttribute: 'value' }],
    [
      'urn:acme:hr:1.0:User:badge',
      { schema: 'urn:acme:hr:1.0:User', attribute: 'badge', filter: null, subAttribute: null },
    ],
    [
      'urn:acme:1.0:User:tags[kind eq "a:b.c"].value',
      {
        schema: 'urn:acme:1.0:User',
        attribute: 'tags',
        filter: { attribute: 'kind', value: 'a:b.c' },
        subAttribute: 'value',
      },
    ],
    [
      'urn:ietf:params:scim:schemas:core:2.0:User:userName',
      { schema: null, attribute: 'userName', filter: null, subAttribute: null },
    ],
  ])('reads %s', (text, path) => {
    expect(parsePath(text)).toEqual(path);
    expect(parsePath(printPath(pathOf(text)))).toEqual(path);
  });

  it.each([
    '',
    ' ',
    'a.b.c',
    'emails[type eq work].value',
    'emails[type co "x"]',
    'emails[',
    'a b',
    '9a',
    'members[value eq "x',
  ])('refuses %j', (text) => {
    expect(parsePath(text)).toBeNull();
  });

  it('writes Entra’s textual booleans as booleans', () => {
    expect(printPath(pathOf('roles[primary eq "True"].value'))).toBe('roles[primary eq true].value');
  });
});

describe('reading a resource', () => {
  const resource = {
    UserName: 'anna',
    name: { givenName: 'Anna' },
    emails: [
      { type: 'home', value: 'a@home' },
      { type: 'Work', value: 'a@work' },
    ],
    roles: [{ primary: 'true', value: 'Admin' }],
    [enterprise]: { department: 'IT', manager: { value: '7', $ref: '…/7' } },
  };
  it.each([
    ['username', 'anna'],
    ['name.givenName', 'Anna'],
    ['name.familyName', undefined],
    ['emails[type eq "work"].value', 'a@work'],
    ['emails[type eq "other"].value', undefined],
    ['emails.value', ['a@home', 'a@work']],
    ['roles[primary eq "True"].value', 'Admin'],
    [`${enterprise}:department`, 'IT'],
    [`${enterprise}:manager.value`, '7'],
    ['urn:other:1.0:User:department', undefined],
    ['toString', undefined],
    ['no path at all', undefined],
  ])('finds %s', (path, value) => {
    expect(readPath(resource, path)).toEqual(value);
  });
});
