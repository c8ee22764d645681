// Prepend: a prefix before the source. Null stays null, so that no bare prefix flows.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

export const prepend: FunctionDefinition = {
  name: 'Prepend',
  summary: 'The source after the prefix.',
  notes: ['Null when the source is null; a null prefix adds nothing.', 'Of several values, each gets the prefix.'],
  dialect: 'graph',
  parameters: [text('prefix'), text('source')],
  result: 'String',
  examples: [
    { expression: 'Prepend("SMTP:", [mail])', attributes: { mail: 'jd@contoso.com' }, result: ['SMTP:jd@contoso.com'] },
  ],
  evaluate: (call) => {
    const prefix = call.text(0) ?? '';
    return call.each(1, (source) => {
      call.spend(prefix.length);
      return prefix + source;
    });
  },
};
