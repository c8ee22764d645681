// SelectUniqueValue: the first candidate that no account of the application has yet. Later rules are evaluated only when needed.
import { textOf } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

export const selectUniqueValue: FunctionDefinition = {
  name: 'SelectUniqueValue',
  summary:
    'The first rule whose value no other account has in the target attribute; null and empty values are passed over. When all are taken the object is not created and tried again later.',
  parameters: [text('uniqueValueRule', { repeats: true })],
  outermost: true,
  check: (args) =>
    args.filter((arg) => arg !== null).length === args.length && args.length >= 2
      ? null
      : 'SelectUniqueValue needs at least two rules: (rule1, rule2, …), none of them left out.',
  examples: [
    {
      expression: 'SelectUniqueValue(Append([givenName], "@contoso.com"), Append([surname], "@contoso.com"))',
      attributes: { givenName: 'John', surname: 'Smith' },
      result: ['John@contoso.com'],
    },
  ],
  evaluate: (call) => {
    const tried: string[] = [];
    for (let rule = 0; rule < call.count; rule += 1) {
      const candidate = textOf(call.value(rule));
      if (candidate === null || candidate === '') continue;
      if (!call.taken(candidate)) return candidate;
      tried.push(candidate);
    }
    return tried.length === 0 ? null : call.allTaken(tried);
  },
};
