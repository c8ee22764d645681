// Issues the two certificates of the private CA with @peculiar/x509. The library is loaded only when something is issued.
import './reflect-metadata.ts';
import { createPublicKey, type webcrypto } from 'node:crypto';

export const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

const dayMs = 24 * 3_600_000;
const caDays = 3650;
/** Some clients refuse server certificates that are valid for more than 825 days. */
const serverDays = 800;
const caName = 'CN=Provisor local CA, O=Provisor';

interface KeyPair {
  readonly privateKey: webcrypto.CryptoKey;
  readonly publicKey: webcrypto.CryptoKey;
}

/** Self-signed CA certificate, PEM. */
export async function issueCa(keyPem: string): Promise<string> {
  const x509 = await import('@peculiar/x509');
  const keys = await importPair(keyPem);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: caName,
    issuer: caName,
    ...validity(caDays),
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return `${certificate.toString('pem')}\n`;
}

/** Server certificate for `names` and the loopback addresses, PEM. */
export async function issueServer(keyPem: string, caKeyPem: string, names: readonly string[]): Promise<string> {
  const x509 = await import('@peculiar/x509');
  const [keys, ca] = await Promise.all([importPair(keyPem), importPair(caKeyPem)]);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: 'CN=localhost, O=Provisor',
    issuer: caName,
    ...validity(serverDays),
    publicKey: keys.publicKey,
    signingKey: ca.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        ...names.map((value) => ({ type: 'dns' as const, value })),
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(ca.publicKey),
    ],
  });
  return `${certificate.toString('pem')}\n`;
}

/** Backdated by a day, so that a clock that is a little slow accepts it. */
const validity = (days: number): { readonly notBefore: Date; readonly notAfter: Date } => ({
  notBefore: new Date(Date.now() - dayMs),
  notAfter: new Date(Date.now() + days * dayMs),
});

async function importPair(pem: string): Promise<KeyPair> {
  const spki = createPublicKey(pem).export({ type: 'spki', format: 'der' });
  const pkcs8 = Buffer.from(pem.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64');
  const [privateKey, publicKey] = await Promise.all([
    crypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']),
    crypto.subtle.importKey('spki', spki, algorithm, true, ['verify']),
  ]);
  return { privateKey, publicKey };
}
