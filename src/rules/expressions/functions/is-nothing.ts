// IsNothing: the name under which Graph lists IsNull.
import type { FunctionDefinition } from '../function-definition.ts';
import { boolean } from '../function-definition.ts';
import { isNothing } from '../values.ts';

export const isNothingFunction: FunctionDefinition = {
  name: 'IsNothing',
  summary: 'True when the source has no value.',
  notes: ['The name under which Graph lists IsNull. An empty text is a value.'],
  dialect: 'graph',
  parameters: [boolean('source')],
  result: 'Boolean',
  examples: [{ expression: 'IsNothing([mail])', result: ['True'] }],
  evaluate: (call) => isNothing(call.value(0)),
};
