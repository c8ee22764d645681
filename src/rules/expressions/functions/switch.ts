// Switch: the value whose key equals the source. Keys are compared from left to right; only the chosen value is evaluated.
import { textOf } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

export const switchFunction: FunctionDefinition = {
  name: 'Switch',
  summary:
    'The value behind the key that equals the source (with regard to case; null equals ""), otherwise the default value, otherwise null.',
  parameters: [
    text('source'),
    text('defaultValue', { required: false, result: true }),
    text('switchValue', { repeats: true, result: true }),
  ],
  check: (args) =>
    args.length >= 4 && args.length % 2 === 0
      ? null
      : `Switch needs a value behind each key: (source, defaultValue, key, value, …), an even number of at least 4, but ${String(args.length)} arguments are given.`,
  examples: [
    {
      expression: 'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
      attributes: { IsSoftDeleted: false },
      result: ['True'],
    },
    { expression: 'Switch([state], "Sydney", "QLD", "Brisbane")', attributes: { state: 'NSW' }, result: ['Sydney'] },
  ],
  evaluate: (call) => {
    const source = textOf(call.value(0)) ?? '';
    for (let key = 2; key + 1 < call.count; key += 2) {
      if ((textOf(call.value(key)) ?? '') === source) return call.value(key + 1);
    }
    return call.value(1);
  },
};
