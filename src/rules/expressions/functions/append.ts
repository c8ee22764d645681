// Append: a suffix behind the source. Null stays null, so that no bare suffix flows.
import { mapText, textOf } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

export const append: FunctionDefinition = {
  name: 'Append',
  summary: 'The source followed by the suffix; null when the source is null.',
  parameters: [text('source'), text('suffix')],
  examples: [
    {
      expression: 'Append([mailNickname], "@contoso.com")',
      attributes: { mailNickname: 'jd' },
      result: ['jd@contoso.com'],
    },
    { expression: 'Append([mailNickname], "@contoso.com")', result: [] },
  ],
  evaluate: (call) => {
    const suffix = textOf(call.value(1)) ?? '';
    return mapText(call.value(0), (source) => source + suffix);
  },
};
