// ConvertFromBase64: base64 → text.
import type { Keyword } from '../ast.ts';
import { mapText } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { EvaluationFailure } from '../values.ts';

export const convertFromBase64: FunctionDefinition = {
  name: 'ConvertFromBase64',
  summary: 'The text that the base64 source holds, read as Unicode (UTF-16, the default), UTF8 or ASCII.',
  parameters: [text('source'), text('encoding', { required: false, words: ['Unicode', 'UTF8', 'ASCII'] })],
  examples: [{ expression: 'ConvertFromBase64("SGVsbG8gd29ybGQh", UTF8)', result: ['Hello world!'] }],
  evaluate: (call) => {
    const encoding = call.word(1) ?? 'Unicode';
    return mapText(call.value(0), (source) => new TextDecoder(labelOf(encoding)).decode(bytesOf(source)));
  },
};

const labelOf = (encoding: Keyword): string =>
  encoding === 'UTF8' ? 'utf-8' : encoding === 'ASCII' ? 'ascii' : 'utf-16le';

function bytesOf(source: string): Uint8Array {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(source)) {
    throw new EvaluationFailure('the source is not base64.');
  }
  return Uint8Array.from(atob(source), (char) => char.charCodeAt(0));
}
