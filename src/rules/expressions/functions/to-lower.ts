// ToLower: lower case, one letter for one letter.
import { mapText, textOf } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { casingOf } from '../text-case.ts';

export const toLower: FunctionDefinition = {
  name: 'ToLower',
  summary: 'The source in lower case, by the rules of a culture such as tr-TR where one is given.',
  parameters: [text('source'), text('culture', { required: false })],
  examples: [
    { expression: 'ToLower([mail])', attributes: { mail: 'John.Doe@Contoso.com' }, result: ['john.doe@contoso.com'] },
  ],
  evaluate: (call) => {
    const casing = casingOf(textOf(call.value(1)));
    return mapText(call.value(0), casing.lower);
  },
};
