// IsNothing: the name under which Graph lists IsNull.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { isNothing } from '../values.ts';

export const isNothingFunction: FunctionDefinition = {
  name: 'IsNothing',
  summary: 'True when the source has no value; an empty text is a value.',
  parameters: [text('source', { key: 'source' })],
  examples: [{ expression: 'IsNothing([mail])', result: ['True'] }],
  evaluate: (call) => isNothing(call.value(0)),
};
