// ConvertToUTF8Hex: the UTF-8 bytes of a text in upper-case hexadecimal.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

export const convertToUtf8Hex: FunctionDefinition = {
  name: 'ConvertToUTF8Hex',
  summary: 'The UTF-8 bytes of the source in upper-case hexadecimal, without separators.',
  notes: ['Null stays null; several values are converted one by one.'],
  parameters: [text('source')],
  result: 'String',
  examples: [{ expression: 'ConvertToUTF8Hex("Hello world!")', result: ['48656C6C6F20776F726C6421'] }],
  evaluate: (call) =>
    call.each(0, (source) => {
      call.spend(6 * source.length);
      let hex = '';
      for (const byte of new TextEncoder().encode(source)) hex += hexOf[byte] ?? '';
      return hex;
    }),
};

const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0').toUpperCase());
