// StringFromSid: the bytes of a security identifier → `S-1-5-…`.
import { bytesOfBase64 } from '../base64.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { text } from '../function-definition.ts';
import { EvaluationFailure } from '../values.ts';

export const stringFromSid: FunctionDefinition = {
  name: 'StringFromSid',
  summary: 'The security identifier in its text form S-1-5-…, from its bytes in base64.',
  notes: ['Null and a text form stay as they are.', 'An error for a text that is no security identifier.'],
  dialect: 'cloud-sync',
  parameters: [text('source')],
  result: 'String',
  examples: [
    {
      expression: 'StringFromSid([objectSid])',
      attributes: { objectSid: 'AQUAAAAAAAUVAAAAAQAAAAIAAAADAAAA9AEAAA==' },
      result: ['S-1-5-21-1-2-3-500'],
    },
  ],
  evaluate: (call) => call.each(0, (source) => (/^S-\d/.test(source) ? source : sidText(bytesOf(source)))),
};

function bytesOf(source: string): Uint8Array {
  const bytes = bytesOfBase64(source) ?? new Uint8Array();
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
