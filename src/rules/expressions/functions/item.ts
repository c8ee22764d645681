// Item: one value of a multi-valued attribute, counted from 1.
import type { FunctionDefinition } from '../function-definition.ts';
import { number, text } from '../function-definition.ts';
import { positionOf } from '../position.ts';
import { EvaluationFailure, listOf } from '../values.ts';

export const item: FunctionDefinition = {
  name: 'Item',
  summary: 'The value with this number, counted from 1.',
  notes: ['An error when there are fewer values, also for null, and for the number 0.'],
  parameters: [text('attribute', { key: 'source' }), number('index', { reads: positionOf })],
  result: 'String',
  examples: [
    {
      expression: 'Item([proxyAddresses], 1)',
      attributes: { proxyAddresses: ['SMTP:a@x.com', 'smtp:b@x.com'] },
      result: ['SMTP:a@x.com'],
    },
    { expression: 'Item(Split("a;b;c", ";"), 3)', result: ['c'] },
  ],
  evaluate: (call) => {
    const values = listOf(call.value(0));
    const index = call.prepared(1, positionOf);
    const value = values[index - 1];
    if (value !== undefined) return value;
    throw new EvaluationFailure(
      `there is no value number ${String(index)}: the attribute has ${String(values.length)}, counted from 1.`,
    );
  },
};
