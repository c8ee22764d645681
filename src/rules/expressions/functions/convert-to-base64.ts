// ConvertToBase64: the UTF-16 (little endian) bytes of a text in base64.
import { mapText } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';

export const convertToBase64: FunctionDefinition = {
  name: 'ConvertToBase64',
  summary: 'The source in base64, from its UTF-16 bytes.',
  parameters: [text('source')],
  examples: [{ expression: 'ConvertToBase64("Hello world!")', result: ['SABlAGwAbABvACAAdwBvAHIAbABkACEA'] }],
  evaluate: (call) => mapText(call.value(0), (source) => btoa(utf16Bytes(source))),
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
