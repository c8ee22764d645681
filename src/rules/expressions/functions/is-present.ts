// IsPresent: the opposite of IsNullOrEmpty.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { isBlank } from '../values.ts';

export const isPresent: FunctionDefinition = {
  name: 'IsPresent',
  summary: 'True when the source has a value that is not an empty text.',
  notes: ['White space is content.'],
  parameters: [text('expression', { key: 'source' })],
  result: 'Boolean',
  examples: [
    { expression: 'IsPresent([mail])', attributes: { mail: 'jd@contoso.com' }, result: ['True'] },
    { expression: 'IsPresent([mail])', result: ['False'] },
  ],
  evaluate: (call) => !isBlank(call.value(0)),
};
