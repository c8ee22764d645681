// Item: one value of a multi-valued attribute, counted from 1.
import { integerOf } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { number, text } from '../function-definition.ts';
import { EvaluationFailure, listOf } from '../values.ts';

export const item: FunctionDefinition = {
  name: 'Item',
  summary: 'The value with this number, counted from 1; an error when there are fewer.',
  parameters: [text('attribute', { key: 'source' }), number('index')],
  examples: [
    {
      expression: 'Item([proxyAddresses], 1)',
      attributes: { proxyAddresses: ['SMTP:a@x.com', 'smtp:b@x.com'] },
      result: ['SMTP:a@x.com'],
    },
  ],
  evaluate: (call) => {
    const values = listOf(call.value(0));
    const index = integerOf(call.value(1)) ?? 0n;
    const value = index < 1n ? undefined : values[Number(index) - 1];
    if (value !== undefined) return value;
    throw new EvaluationFailure(
      `there is no value number ${String(index)}: the attribute has ${String(values.length)}, counted from 1.`,
    );
  },
};
