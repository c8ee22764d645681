// ConvertToBase64: the UTF-16 (little endian) bytes of a text in base64.
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

export const convertToBase64: FunctionDefinition = {
  name: 'ConvertToBase64',
  summary: 'The source in base64, from its UTF-16 bytes.',
  notes: ['Null stays null; several values are converted one by one.'],
  parameters: [text('source')],
  result: 'String',
  examples: [{ expression: 'ConvertToBase64("Hello world!")', result: ['SABlAGwAbABvACAAdwBvAHIAbABkACEA'] }],
  evaluate: (call) =>
    call.each(0, (source) => {
      call.spend(3 * source.length);
      return btoa(utf16Bytes(source));
    }),
};

/** One character per byte. */
function utf16Bytes(source: string): string {
  let bytes = '';
  for (let i = 0; i < source.length; i += 1) {
    const unit = source.charCodeAt(i);
    bytes += String.fromCharCode(unit & 0xff, unit >> 8);
  }
  return bytes;
}
