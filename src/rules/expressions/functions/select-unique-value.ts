// SelectUniqueValue: the first candidate that no account of the application has yet. Later rules are evaluated only when needed.
import type { Expression } from '../ast.ts';
import type { ArgumentProblem, FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

export const selectUniqueValue: FunctionDefinition = {
  name: 'SelectUniqueValue',
  summary: 'The first rule whose value no other account has in the target attribute.',
  notes: [
    'Only as the outermost function, for a mapping that is applied on create, and not for a matching attribute.',
    'The application is asked about one value after the other, without regard to case; later rules are evaluated only when needed.',
    'Null and empty values are passed over.',
    'When all values are taken, the object is not created but tried again later.',
    'Normalize diacritics and remove special characters inside the rules.',
  ],
  parameters: [text('uniqueValueRule', { repeats: true })],
  result: 'String',
  outermost: true,
  check: checkRules,
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
      const candidate = call.text(rule);
      if (candidate === null || candidate === '') continue;
      if (call.scope.taken?.(candidate) !== true) return candidate;
      tried.push(candidate);
    }
    return tried.length === 0 ? null : call.allTaken(tried);
  },
};

function checkRules(args: readonly (Expression | null)[]): ArgumentProblem | null {
  const omitted = args.indexOf(null);
  if (omitted >= 0)
    return { message: 'A rule of SelectUniqueValue is left out: write it, or remove the comma.', argument: omitted };
  return args.length >= 2 ? null : { message: 'SelectUniqueValue needs at least two rules: (rule1, rule2, …).' };
}
