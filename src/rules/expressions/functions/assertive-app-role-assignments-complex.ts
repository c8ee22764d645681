// AssertiveAppRoleAssignmentsComplex: the app roles of the user as complex values; Entra calls the name `display` here.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { complexRole, rolesOf } from '../roles.ts';

export const assertiveAppRoleAssignmentsComplex: FunctionDefinition = {
  name: 'AssertiveAppRoleAssignmentsComplex',
  summary:
    'All app roles assigned to the user as values of the complex attribute roles, in place of those of the application.',
  notes: [
    'Without a role: no values.',
    'In a PATCH the whole set is replaced; roles given in the application are taken away.',
    'Not for a job that synchronizes all users and groups: who is not assigned has no roles.',
  ],
  parameters: [text('source')],
  result: 'complex values',
  examples: [
    {
      expression: 'AssertiveAppRoleAssignmentsComplex([appRoleAssignments])',
      attributes: { appRoleAssignments: ['Admin'] },
      result: ['{"primary":false,"type":"WindowsAzureActiveDirectoryRole","display":"Admin","value":"Admin"}'],
    },
  ],
  evaluate: (call) => rolesOf(call.value(0)).map((role) => complexRole(role, 'display')),
};
