// ConvertToUTF8Hex: the UTF-8 bytes of a text in upper-case hexadecimal.
import { mapText } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

export const convertToUtf8Hex: FunctionDefinition = {
  name: 'ConvertToUTF8Hex',
  summary: 'The UTF-8 bytes of the source in hexadecimal.',
  parameters: [text('source')],
  examples: [{ expression: 'ConvertToUTF8Hex("Hello world!")', result: ['48656C6C6F20776F726C6421'] }],
  evaluate: (call) =>
    mapText(call.value(0), (source) =>
      Array.from(new TextEncoder().encode(source), (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(''),
    ),
};
