// AppRoleAssignments: the names of all app roles that the user holds.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { roleName, rolesOf } from '../roles.ts';

export const appRoleAssignments: FunctionDefinition = {
  name: 'AppRoleAssignments',
  summary: 'The names of all app roles assigned to the user.',
  notes: ['The name of a role is its value, or its display name where it has no value.', 'Without a role: no values.'],
  dialect: 'graph',
  parameters: [text('source')],
  result: 'several Strings',
  examples: [
    {
      expression: 'AppRoleAssignments([appRoleAssignments])',
      attributes: { appRoleAssignments: ['Admin', 'Reader'] },
      result: ['Admin', 'Reader'],
    },
  ],
  evaluate: (call) => rolesOf(call.value(0)).map(roleName),
};
