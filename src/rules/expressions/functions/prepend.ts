// Prepend: a prefix before the source. Null stays null, so that no bare prefix flows.
import { mapText, textOf } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

export const prepend: FunctionDefinition = {
  name: 'Prepend',
  summary: 'The source after the prefix; null when the source is null.',
  parameters: [text('prefix'), text('source')],
  examples: [
    { expression: 'Prepend("SMTP:", [mail])', attributes: { mail: 'jd@contoso.com' }, result: ['SMTP:jd@contoso.com'] },
  ],
  evaluate: (call) => {
    const prefix = textOf(call.value(0)) ?? '';
    return mapText(call.value(1), (source) => prefix + source);
  },
};
