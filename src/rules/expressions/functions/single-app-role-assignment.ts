// SingleAppRoleAssignment: the name of the one app role that the user holds.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { rolesOf, roleName } from '../roles.ts';
import { EvaluationFailure } from '../values.ts';

export const singleAppRoleAssignment: FunctionDefinition = {
  name: 'SingleAppRoleAssignment',
  summary: 'The name of the one app role assigned to the user.',
  notes: [
    'Null without a role; an error with several.',
    'The name of a role is its value, or its display name where it has no value.',
    'Not for a job that synchronizes all users and groups: who is not assigned has no roles.',
  ],
  parameters: [text('source')],
  result: 'String',
  examples: [
    {
      expression: 'SingleAppRoleAssignment([appRoleAssignments])',
      attributes: { appRoleAssignments: ['Admin'] },
      result: ['Admin'],
    },
    { expression: 'SingleAppRoleAssignment([appRoleAssignments])', result: [] },
  ],
  evaluate: (call) => {
    const roles = rolesOf(call.value(0));
    if (roles.length > 1) {
      // The first sentence is Entra's, with its spelling: it is what people search for.
      throw new EvaluationFailure(
        `No more than one app role assignment was expected, but this many where found: ${String(roles.length)} (${roles.slice(0, 10).map(roleName).join(', ')}). Assign one role, or use AssertiveAppRoleAssignmentsComplex.`,
      );
    }
    const [role] = roles;
    return role === undefined ? null : roleName(role);
  },
};
