// AES-256-GCM for secrets at rest. What is sealed opens only under the name it was sealed for.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface Sealed {
  /** Which key sealed it: the first eight hexadecimal digits of its SHA-256. */
  readonly keyId: string;
  readonly nonce: Uint8Array<ArrayBuffer>;
  /** The ciphertext with its tag of 16 bytes behind it. */
  readonly ciphertext: Uint8Array<ArrayBuffer>;
}

export const keyIdOf = (key: Buffer): string => createHash('sha256').update(key).digest('hex').slice(0, 8);

export function seal(key: Buffer, name: string, plaintext: string): Sealed {
  const nonce = new Uint8Array(randomBytes(NONCE_BYTES));
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(name));
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { keyId: keyIdOf(key), nonce, ciphertext: new Uint8Array(ciphertext) };
}

/** Throws when the key, the name or the bytes are not those that were sealed. */
export function open(key: Buffer, name: string, { nonce, ciphertext }: Sealed): string {
  const end = ciphertext.length - TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, key, nonce).setAAD(Buffer.from(name));
  decipher.setAuthTag(ciphertext.subarray(end));
  return Buffer.concat([decipher.update(ciphertext.subarray(0, end)), decipher.final()]).toString('utf8');
}
