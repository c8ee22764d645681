// Opaque tokens in links: JSON with a signature, so that a link made by another tenant, or altered, is recognised.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { JsonObject } from '../../../rules/model/json.ts';

export interface Seal {
  seal(content: JsonObject): string;
  /** Content of a token of ours; null for anything else. */
  open(token: string): JsonObject | null;
}

const signatureLength = 16;

export function createSeal(key: string): Seal {
  const sign = (text: string): Buffer => createHmac('sha256', key).update(text).digest().subarray(0, signatureLength);
  return {
    seal(content) {
      const text = JSON.stringify(content);
      return Buffer.concat([sign(text), Buffer.from(text)]).toString('base64url');
    },
    open(token) {
      const bytes = Buffer.from(token, 'base64url');
      if (bytes.length <= signatureLength) return null;
      const text = bytes.toString('utf8', signatureLength);
      if (!timingSafeEqual(bytes.subarray(0, signatureLength), sign(text))) return null;
      return JSON.parse(text) as JsonObject;
    },
  };
}
