// ConvertFromBase64: base64 → text.
import { bytesOfBase64 } from '../base64.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { EvaluationFailure } from '../values.ts';

export const convertFromBase64: FunctionDefinition = {
  name: 'ConvertFromBase64',
  summary: 'The text that the base64 source holds, read as Unicode (UTF-16, the default), UTF8 or ASCII.',
  notes: ['Null stays null; several values are converted one by one.', 'An error for a text that is not base64.'],
  dialect: 'cloud-sync',
  parameters: [text('source'), text('encoding', { required: false, words: ['Unicode', 'UTF8', 'ASCII'] })],
  result: 'String',
  examples: [
    { expression: 'ConvertFromBase64("SABlAGwAbABvACAAdwBvAHIAbABkACEA")', result: ['Hello world!'] },
    { expression: 'ConvertFromBase64("SGVsbG8gd29ybGQh", UTF8)', result: ['Hello world!'] },
  ],
  evaluate: (call) => {
    const encoding = call.word(1);
    return call.each(0, (source) => {
      const bytes = bytesOfBase64(source);
      if (bytes === null) throw new EvaluationFailure('the source is not base64.');
      if (encoding === 'ASCII') return asciiText(bytes);
      return new TextDecoder(encoding === 'UTF8' ? 'utf-8' : 'utf-16le', { ignoreBOM: true }).decode(bytes);
    });
  },
};

const asciiText = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : '?')).join('');
