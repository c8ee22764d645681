// StringFromSid: the bytes of a security identifier → `S-1-5-…`.
import { mapText } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { EvaluationFailure } from '../values.ts';

export const stringFromSid: FunctionDefinition = {
  name: 'StringFromSid',
  summary: 'The security identifier in its text form S-1-…, from its bytes in base64; a text form stays as it is.',
  parameters: [text('source')],
  examples: [
    {
      expression: 'StringFromSid([objectSid])',
      attributes: { objectSid: 'AQUAAAAAAAUVAAAAAQAAAAIAAAADAAAA9AEAAA==' },
      result: ['S-1-5-21-1-2-3-500'],
    },
  ],
  evaluate: (call) => mapText(call.value(0), (source) => (/^S-\d/.test(source) ? source : sidText(bytesOf(source)))),
};

function bytesOf(source: string): Uint8Array {
  const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
  const bytes = base64.test(source) ? Uint8Array.from(atob(source), (char) => char.charCodeAt(0)) : new Uint8Array();
  const authorities = bytes[1] ?? 0;
  if (bytes[0] === 1 && authorities <= 15 && bytes.length === 8 + 4 * authorities) return bytes;
  throw new EvaluationFailure('the source is no security identifier in base64.');
}

// Revision, number of sub-authorities, a 48-bit authority (big endian), then 32-bit sub-authorities (little endian).
function sidText(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const authority = BigInt(view.getUint16(2)) * 2n ** 32n + BigInt(view.getUint32(4));
  const parts = Array.from({ length: view.getUint8(1) }, (_, i) => view.getUint32(8 + 4 * i, true));
  return ['S-1', authority, ...parts].join('-');
}
