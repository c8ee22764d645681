// App roles as values: the attribute `appRoleAssignments` read as roles, and roles as SCIM writes them.
import { textOf } from './coerce.ts';
import type { ComplexValue, RoleValue, Value } from './values.ts';
import { isRole, listOf } from './values.ts';

/** A plain text stands for a role of that name: so an administrator can test an expression with typed values. */
export const rolesOf = (value: Value): readonly RoleValue[] =>
  listOf(value).flatMap((one) => {
    if (isRole(one)) return [one];
    const name = textOf(one);
    return name === null ? [] : [{ id: '', value: name, displayName: name }];
  });

export const roleName = (role: RoleValue): string => textOf(role) ?? '';

export const complexRole = (role: RoleValue, nameKey: 'displayName' | 'display'): ComplexValue => ({
  complex: {
    primary: false,
    type: 'WindowsAzureActiveDirectoryRole',
    [nameKey]: role.displayName,
    value: roleName(role),
  },
});
