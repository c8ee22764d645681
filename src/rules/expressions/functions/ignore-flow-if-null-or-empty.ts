// IgnoreFlowIfNullOrEmpty: leaves the target attribute as it is when there is nothing to write.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { isBlank } from '../values.ts';

export const ignoreFlowIfNullOrEmpty: FunctionDefinition = {
  name: 'IgnoreFlowIfNullOrEmpty',
  summary:
    'The value of the expression; when it is null or empty, the target attribute is neither written nor cleared.',
  notes: ['A blank is content.', 'The default value of the mapping does not stand in either.'],
  parameters: [text('expression', { key: 'source', result: true })],
  result: 'same as source',
  examples: [
    { expression: 'IgnoreFlowIfNullOrEmpty([department])', attributes: { department: 'Sales' }, result: ['Sales'] },
  ],
  evaluate: (call) => {
    const value = call.value(0);
    return isBlank(value) ? call.ignoreAttribute() : value;
  },
};
