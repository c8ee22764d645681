// The key that signs the mock's tokens, and the key that seals its links: made once, kept in the data directory, so that
// tokens and links survive a restart.
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';

export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** Public key as it is published. */
  readonly jwk: JWK;
  readonly keyId: string;
}

export async function openSigningKey(dataDir: string): Promise<SigningKey> {
  const pem = keep(join(dataDir, 'signing-key.pem'), () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  });
  const privateKey = createPrivateKey(pem);
  const publicKey = createPublicKey(pem);
  const jwk = await exportJWK(publicKey);
  return { privateKey, publicKey, jwk, keyId: await calculateJwkThumbprint(jwk) };
}

export const openLinkKey = (dataDir: string): string =>
  keep(join(dataDir, 'link-key'), () => randomBytes(32).toString('base64url'));

/** Content of a secret file, made at first use; of several processes that make it at once, one wins. */
function keep(path: string, make: () => string): string {
  if (existsSync(path)) return readFileSync(path, 'utf8');
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  writeFileSync(temporary, make(), { mode: 0o600, flush: true });
  try {
    linkSync(temporary, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  return readFileSync(path, 'utf8');
}
