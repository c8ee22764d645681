// IsNull: is there no value at all? An empty text is a value.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { isNothing } from '../values.ts';

export const isNull: FunctionDefinition = {
  name: 'IsNull',
  summary: 'True when the source has no value.',
  notes: ['An empty text is a value; an attribute without values is null.'],
  parameters: [text('expression', { key: 'source' })],
  result: 'Boolean',
  examples: [
    { expression: 'IsNull([mail])', result: ['True'] },
    { expression: 'IsNull([mail])', attributes: { mail: '' }, result: ['False'] },
  ],
  evaluate: (call) => isNothing(call.value(0)),
};
