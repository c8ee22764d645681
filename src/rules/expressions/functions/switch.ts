// Switch: the value whose key equals the source. Keys are compared from left to right; only the chosen value is evaluated.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

export const switchFunction: FunctionDefinition = {
  name: 'Switch',
  summary: 'The value behind the key that equals the source, otherwise the default value.',
  notes: [
    'Case matters; numbers, booleans and times are compared in their text form.',
    'Null equals the key "".',
    'Null when no key fits and the default value is left out.',
    'Keys are compared from left to right; only the chosen value is evaluated.',
    'Not for reference attributes such as manager.',
  ],
  parameters: [
    text('source'),
    text('defaultValue', { required: false, result: true }),
    text('switchValue', { required: false, repeats: true, result: true }),
  ],
  result: 'same as source',
  check: (args) =>
    args.length >= 4 && args.length % 2 === 0
      ? null
      : {
          message: `Switch needs a value behind each key: (source, defaultValue, key, value, …), an even number of at least 4, but ${String(args.length)} arguments are given.`,
        },
  examples: [
    {
      expression: 'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
      attributes: { IsSoftDeleted: false },
      result: ['True'],
    },
    { expression: 'Switch([state], "Sydney", "QLD", "Brisbane")', attributes: { state: 'NSW' }, result: ['Sydney'] },
    { expression: 'Switch([country], [country], "", "Other")', result: ['Other'] },
  ],
  evaluate: (call) => {
    const source = call.text(0) ?? '';
    for (let key = 2; key + 1 < call.count; key += 2) {
      if ((call.text(key) ?? '') === source) return call.value(key + 1);
    }
    return call.value(1);
  },
};
