// IsNullOrEmpty: is there no value, or only an empty text? White space is content.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { isBlank } from '../values.ts';

export const isNullOrEmpty: FunctionDefinition = {
  name: 'IsNullOrEmpty',
  summary: 'True when the source has no value or is an empty text.',
  notes: ['White space is content.'],
  parameters: [text('expression', { key: 'source' })],
  result: 'Boolean',
  examples: [
    { expression: 'IsNullOrEmpty([mail])', attributes: { mail: '' }, result: ['True'] },
    { expression: 'IsNullOrEmpty([mail])', attributes: { mail: ' ' }, result: ['False'] },
  ],
  evaluate: (call) => isBlank(call.value(0)),
};
