// SingleAppRoleAssignment: the name of the one app role that the user holds.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { rolesOf, roleName } from '../roles.ts';
import { EvaluationFailure } from '../values.ts';

export const singleAppRoleAssignment: FunctionDefinition = {
  name: 'SingleAppRoleAssignment',
  summary: 'The one app role assigned to the user; null without one, an error with several.',
  parameters: [text('source')],
  examples: [
    {
      expression: 'SingleAppRoleAssignment([appRoleAssignments])',
      attributes: { appRoleAssignments: ['Admin'] },
      result: ['Admin'],
    },
  ],
  evaluate: (call) => {
    const roles = rolesOf(call.value(0));
    if (roles.length > 1) {
      throw new EvaluationFailure(
        `No more than one app role assignment was expected, but ${String(roles.length)} were found: ${roles.map(roleName).join(', ')}. Assign one role, or use AssertiveAppRoleAssignmentsComplex.`,
      );
    }
    const [role] = roles;
    return role === undefined ? null : roleName(role);
  },
};
