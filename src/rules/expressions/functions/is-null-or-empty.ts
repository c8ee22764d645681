// IsNullOrEmpty: is there no value, or only an empty text? White space is content.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { isBlank } from '../values.ts';

export const isNullOrEmpty: FunctionDefinition = {
  name: 'IsNullOrEmpty',
  summary: 'True when the source has no value or is an empty text.',
  parameters: [text('expression', { key: 'source' })],
  examples: [{ expression: 'IsNullOrEmpty([mail])', attributes: { mail: '' }, result: ['True'] }],
  evaluate: (call) => isBlank(call.value(0)),
};
