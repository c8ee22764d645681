// Certificates that the installation itself uses, from files that its settings name.
import { readFile } from 'node:fs/promises';
import type { Settings } from '../../config/settings.ts';
import { expiryOfCertificate } from '../cycle/notifications/expiries.ts';
import type { Expiry } from '../cycle/notifications/expiries.ts';

/** Read each time: files are replaced while the process runs. A file that cannot be read is another part's complaint. */
export async function ownExpiries(settings: Settings): Promise<readonly Expiry[]> {
  const files = [
    ['The certificate of TLS_CERT', settings.TLS_CERT],
    ['The certificate of AZURE_CLIENT_CERTIFICATE_PATH', settings.AZURE_CLIENT_CERTIFICATE_PATH],
  ] as const;
  const found = await Promise.all(files.map(([which, path]) => expiryOf(which, path)));
  return found.flat();
}

async function expiryOf(which: string, path: string | undefined): Promise<readonly Expiry[]> {
  if (path === undefined) return [];
  const at = expiryOfCertificate(await readFile(path, 'utf8').catch(() => ''));
  return at === null ? [] : [{ which, at }];
}
