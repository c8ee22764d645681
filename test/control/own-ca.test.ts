// The private CA for loopback https.
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownCa } from '../../src/control/own-ca.ts';
import { issueServer } from '../../src/control/own-ca-certificates.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'own-ca-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const file = (name: string): Promise<string> => readFile(join(dir, name), 'utf8');

describe('ownCa', () => {
  it('makes a server certificate for loopback and this machine, signed by its CA', async () => {
    const { caPem, caPath, cert, key } = await ownCa(dir);
    const server = new X509Certificate(cert);
    expect(caPath).toBe(join(dir, 'ca.pem'));
    expect(await file('ca.pem')).toBe(caPem);
    expect(server.verify(new X509Certificate(caPem).publicKey)).toBe(true);
    for (const name of ['localhost', hostname()]) expect(server.checkHost(name)).toBeDefined();
    for (const address of ['127.0.0.1', '::1']) expect(server.checkIP(address)).toBeDefined();
    expect(server.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect(key).toContain('PRIVATE KEY');
  });

  it('keeps what it made, with keys that only the owner can read', async () => {
    const first = await ownCa(dir);
    expect(await ownCa(dir)).toEqual(first);
    for (const name of ['ca-key.pem', 'server-key.pem']) expect((await stat(join(dir, name))).mode & 0o777).toBe(0o600);
  });

  it('renews a server certificate that is damaged or of another CA, and keeps the CA', async () => {
    const { caPem, key } = await ownCa(dir);
    const foreign = await issueServer(key, key, ['localhost', hostname()]);
    for (const bad of ['not a certificate', foreign]) {
      await writeFile(join(dir, 'server.pem'), bad);
      const again = await ownCa(dir);
      expect(again.caPem).toBe(caPem);
      expect(new X509Certificate(again.cert).verify(new X509Certificate(caPem).publicKey)).toBe(true);
    }
  });

  it('renews a certificate that does not cover this machine', async () => {
    const { caPem, key, cert } = await ownCa(dir);
    await writeFile(join(dir, 'server.pem'), await issueServer(key, await file('ca-key.pem'), ['elsewhere.example']));
    const again = await ownCa(dir);
    expect(new X509Certificate(again.cert).checkHost('localhost')).toBeDefined();
    expect([again.caPem, again.cert === cert]).toEqual([caPem, false]);
  });

  it('gives processes that start at once files that fit each other', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => ownCa(dir)));
    expect(new Set(all.map(({ key }) => key)).size).toBe(1);
    const stored = new X509Certificate(await file('ca.pem'));
    for (const { cert } of all) expect(new X509Certificate(cert).verify(stored.publicKey)).toBe(true);
    expect(new X509Certificate(await file('server.pem')).verify(stored.publicKey)).toBe(true);
  });

  it('says which file is no key instead of making a new one over it', async () => {
    await writeFile(join(dir, 'ca-key.pem'), 'garbage');
    await expect(ownCa(dir)).rejects.toThrow(/ca-key\.pem is not a private key/);
    expect(await file('ca-key.pem')).toBe('garbage');
  });
});
