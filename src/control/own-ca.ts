// A private certificate authority for loopback https: made once in the data directory, renewed near expiry.
// Keys are created exclusively and never change; certificates can be reissued from them by any process at any time,
// so two processes that start together end up with files that fit each other.
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { algorithm, issueCa, issueServer } from './own-ca-certificates.ts';

export interface OwnCa {
  /** Certificate of the CA: what clients have to trust. */
  readonly caPem: string;
  /** Absolute path of `ca.pem`, for NODE_EXTRA_CA_CERTS and `curl --cacert`. */
  readonly caPath: string;
  /** Certificate and private key of the server, both PEM. */
  readonly cert: string;
  readonly key: string;
}

const renewBeforeMs = 30 * 24 * 3_600_000;

/** Returns CA and server certificate of `dataDir`; makes or renews what is missing. Throws when the folder cannot be written. */
export async function ownCa(dataDir: string): Promise<OwnCa> {
  const dir = resolve(dataDir);
  await mkdir(dir, { recursive: true });
  const caKey = await keyOf(join(dir, 'ca-key.pem'));
  const caPath = join(dir, 'ca.pem');
  const caPem = await certificateOf(
    caPath,
    (pem) => fits(pem, caKey),
    () => issueCa(caKey),
  );
  const key = await keyOf(join(dir, 'server-key.pem'));
  const names = serverNames();
  const usable = (pem: string): boolean => fits(pem, key) && isSignedBy(pem, caPem) && covers(pem, names);
  const cert = await certificateOf(join(dir, 'server.pem'), usable, () => issueServer(key, caKey, names));
  return { caPem, caPath, cert, key };
}

export function serverNames(): readonly string[] {
  return [...new Set(['localhost', hostname().toLowerCase()])];
}

async function keyOf(path: string): Promise<string> {
  const existing = await readIfThere(path);
  if (existing !== null && parseKey(existing) !== null) return existing;
  if (existing !== null) throw new Error(`${path} is not a private key: remove the file, and a new one is made.`);
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
  const pem = `-----BEGIN PRIVATE KEY-----\n${der.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END PRIVATE KEY-----\n`;
  return (await createOnce(path, pem)) ? pem : keyOf(path);
}

/** Hard-linking a finished file is atomic and fails when the name is taken: exactly one process wins. */
async function createOnce(path: string, content: string): Promise<boolean> {
  const temporary = await writeTemporary(path, content, 0o600);
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function certificateOf(
  path: string,
  usable: (pem: string) => boolean,
  issue: () => Promise<string>,
): Promise<string> {
  const existing = await readIfThere(path);
  if (existing !== null && usable(existing)) return existing;
  const pem = await issue();
  await rename(await writeTemporary(path, pem, 0o644), path);
  return pem;
}

async function writeTemporary(path: string, content: string, mode: number): Promise<string> {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  await writeFile(temporary, content, { mode, flush: true });
  return temporary;
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

function parseKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}

function parseCertificate(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

function fits(pem: string, keyPem: string): boolean {
  const certificate = parseCertificate(pem);
  if (certificate?.checkPrivateKey(createPrivateKey(keyPem)) !== true) return false;
  return Date.parse(certificate.validTo) - Date.now() > renewBeforeMs;
}

const isSignedBy = (pem: string, caPem: string): boolean =>
  new X509Certificate(pem).verify(new X509Certificate(caPem).publicKey);

const covers = (pem: string, names: readonly string[]): boolean => {
  const certificate = new X509Certificate(pem);
  return names.every((name) => certificate.checkHost(name) !== undefined);
};
