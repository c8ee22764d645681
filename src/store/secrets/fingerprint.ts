// HMAC-SHA-256 with a key of its own, derived from the key of the secrets: what is kept of values that nobody may see.
import { createHmac, hkdfSync } from 'node:crypto';

/** `key`: 32 bytes. Another key gives other fingerprints of the same values. */
export function fingerprinter(key: Buffer): (text: string) => string {
  const own = Buffer.from(hkdfSync('sha256', key, '', 'provisor fingerprints of redacted values', 32));
  return (text) => createHmac('sha256', own).update(text).digest('hex');
}
