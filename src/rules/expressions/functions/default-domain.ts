// DefaultDomain: the tenant's default verified domain.
import type { FunctionDefinition } from '../function-definition.ts';
import { EvaluationFailure } from '../values.ts';

export const defaultDomain: FunctionDefinition = {
  name: 'DefaultDomain',
  summary: 'The default verified domain of the tenant.',
  notes: ['An error as long as the domains of the tenant have not been read.'],
  dialect: 'graph',
  parameters: [],
  result: 'String',
  examples: [
    {
      expression: 'Join("@", [mailNickname], DefaultDomain())',
      attributes: { mailNickname: 'jd' },
      result: ['jd@contoso.com'],
    },
  ],
  evaluate: ({ scope }) => {
    if (scope.defaultDomain === undefined) {
      throw new EvaluationFailure('the default domain of the tenant is not known: write the domain as a constant.');
    }
    return scope.defaultDomain;
  },
};
