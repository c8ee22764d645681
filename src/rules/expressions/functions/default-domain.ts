// DefaultDomain: the tenant's default verified domain.
import type { FunctionDefinition } from '../function-definition.ts';
import { EvaluationFailure } from '../values.ts';

export const defaultDomain: FunctionDefinition = {
  name: 'DefaultDomain',
  summary: 'The default verified domain of the tenant.',
  parameters: [],
  examples: [
    {
      expression: 'Join("@", [mailNickname], DefaultDomain())',
      attributes: { mailNickname: 'jd' },
      result: ['jd@contoso.com'],
    },
  ],
  evaluate: (call) => {
    if (call.defaultDomain === undefined) throw new EvaluationFailure('the default domain of the tenant is not known.');
    return call.defaultDomain;
  },
};
