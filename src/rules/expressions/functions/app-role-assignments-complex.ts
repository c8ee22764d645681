// AppRoleAssignmentsComplex: the app roles of the user as complex values; Entra calls the name `displayName` here.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { complexRole, rolesOf } from '../roles.ts';

export const appRoleAssignmentsComplex: FunctionDefinition = {
  name: 'AppRoleAssignmentsComplex',
  summary:
    'All app roles assigned to the user as values of the complex attribute roles, added to those of the application.',
  notes: [
    'Without a role: no values.',
    'In a PATCH the roles are added; a role taken away stays in the application.',
    'Not for a job that synchronizes all users and groups: who is not assigned has no roles.',
  ],
  parameters: [text('source')],
  result: 'complex values',
  examples: [
    {
      expression: 'AppRoleAssignmentsComplex([appRoleAssignments])',
      attributes: { appRoleAssignments: ['Admin'] },
      result: ['{"primary":false,"type":"WindowsAzureActiveDirectoryRole","displayName":"Admin","value":"Admin"}'],
    },
  ],
  evaluate: (call) => rolesOf(call.value(0)).map((role) => complexRole(role, 'displayName')),
};
