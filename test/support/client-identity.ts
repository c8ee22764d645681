// A client certificate that is its own authority, with its private key, both PEM.
import '../../src/control/reflect-metadata.ts';
import { KeyObject } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';
import { algorithm } from '../../src/control/own-ca-certificates.ts';

const DAY = 86_400_000;

export async function clientIdentity(passphrase?: string): Promise<{ certificate: string; key: string }> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=provisor',
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - DAY),
    notAfter: new Date(Date.now() + DAY),
  });
  const locked = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem', ...locked });
  return { certificate: certificate.toString('pem'), key: String(key) };
}
