// Append: a suffix behind the source. Null stays null, so that no bare suffix flows.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

export const append: FunctionDefinition = {
  name: 'Append',
  summary: 'The source followed by the suffix.',
  notes: ['Null when the source is null; a null suffix adds nothing.', 'Of several values, each gets the suffix.'],
  parameters: [text('source'), text('suffix')],
  result: 'String',
  examples: [
    {
      expression: 'Append([mailNickname], "@contoso.com")',
      attributes: { mailNickname: 'jd' },
      result: ['jd@contoso.com'],
    },
    { expression: 'Append([mailNickname], "@contoso.com")', result: [] },
  ],
  evaluate: (call) => {
    const suffix = call.text(1) ?? '';
    return call.each(0, (source) => {
      call.spend(suffix.length);
      return source + suffix;
    });
  },
};
