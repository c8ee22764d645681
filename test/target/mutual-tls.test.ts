// TLS with an authority of the application's own and a client certificate, against a real TLS server.
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

import { ownCa } from '../../src/control/own-ca.ts';
import { clientIdentity } from '../support/client-identity.ts';
import { rfcDialect } from '../../src/rules/model/target.ts';
import type { TlsIdentity } from '../../src/rules/model/target.ts';
import { atEnd, endAll, listOf, reply, targets } from './support.ts';

afterEach(endAll);

async function authority() {
  const dataDir = await mkdtemp(join(tmpdir(), 'provisor-tls-'));
  atEnd(() => rm(dataDir, { recursive: true, force: true }));
  return ownCa(dataDir);
}
type Issued = Awaited<ReturnType<typeof authority>>;

async function application(own: Issued, clients: string | null) {
  const seen: (string | undefined)[] = [];
  const https = createServer(
    { cert: own.cert, key: own.key, ...(clients === null ? {} : { ca: clients, requestCert: true }) },
    (_request, response) => {
      seen.push('asked');
      reply(response, 200, listOf());
    },
  );
  await new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve));
  atEnd(async () => {
    const closed = new Promise((resolve) => https.close(resolve));
    https.closeAllConnections();
    await closed;
  });
  return { url: `https://127.0.0.1:${String((https.address() as AddressInfo).port)}/scim`, seen };
}

const nothing: TlsIdentity = { certificate: null, key: null, passphrase: null, authorities: null };
const test = (baseAddress: string, tls: TlsIdentity | null): Promise<void> =>
  targets({ wait: () => Promise.resolve() })
    .open({ baseAddress, token: 'x', tls }, rfcDialect)
    .testConnection('userName');

describe('an application with an authority of its own', () => {
  it('is trusted when its certificate is given, and else refused in words that say so', async () => {
    const own = await authority();
    const app = await application(own, null);
    await test(app.url, { ...nothing, authorities: own.caPem });
    await expect(test(app.url, null)).rejects.toThrow('TlsCaCertificates');
    const other = await authority();
    await expect(test(app.url, { ...nothing, authorities: other.caPem })).rejects.toThrow('not signed by an authority');
    expect(app.seen).toEqual(['asked']);
  });

  it('that wants a client certificate gets it, and says so when there is none or another', async () => {
    const [own, ours, strangers] = [await authority(), await clientIdentity(), await clientIdentity()];
    const app = await application(own, ours.certificate);
    const authorities = own.caPem;
    await test(app.url, { ...nothing, authorities, ...ours });
    await expect(test(app.url, { ...nothing, authorities })).rejects.toMatchObject({
      code: 'SystemForCrossDomainIdentityManagementUnreachable',
    });
    const stranger = { ...nothing, authorities, ...strangers };
    await expect(test(app.url, stranger)).rejects.toMatchObject({
      code: 'SystemForCrossDomainIdentityManagementUnreachable',
    });
    expect(app.seen).toEqual(['asked']);
  });
});
