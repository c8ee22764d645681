// provisor mock-entra: a tenant to try things with, on its own.
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { gallery } from '../../../config/applications/gallery.ts';
import { readSettings } from '../../../config/settings.ts';
import { openDataDir, openKeys } from '../../app/data-dir.ts';
import { print, untilStopped } from '../output.ts';
import { portNumber, wholeNumber } from './shared.ts';

interface MockOptions {
  readonly users?: number;
  readonly groups?: number;
  readonly seed: number;
  readonly port?: number;
  readonly faults?: Readonly<Record<string, unknown>>;
}

export const mockEntraCommand = (): Command =>
  new Command('mock-entra')
    .description('a mock Entra tenant over https: tokens, Graph reads and writes')
    .option('--users <n>', 'users of the tenant (default: MOCK_ENTRA_USERS)', wholeNumber)
    .option('--groups <n>', 'groups of the tenant (default: MOCK_ENTRA_GROUPS)', wholeNumber)
    .option('--seed <n>', 'the same seed makes the same tenant', wholeNumber, 1)
    .option('--port <n>', 'port; 0 takes a free one (default: MOCK_ENTRA_PORT)', portNumber)
    .option('--faults <json>', 'faults to inject, as a JSON object', jsonObject)
    .action(runMock);

async function runMock(options: MockOptions): Promise<void> {
  const settings = readSettings();
  const dataDir = await openDataDir(settings.PROVISOR_DATA_DIR);
  // An engine that shares the data directory forwards with this token, whichever of the two starts first.
  const { adminToken } = await openKeys(dataDir, {
    adminToken: settings.PROVISOR_ADMIN_TOKEN,
    secretKey: settings.PROVISOR_SECRET_KEY,
  });
  const { startMockEntra } = await import('../../simulators/mock-entra/start.ts');
  const { ownCa } = await import('../../control/own-ca.ts');
  const tls = await ownCa(dataDir);
  const mock = await startMockEntra({
    host: settings.HOST,
    port: options.port ?? settings.MOCK_ENTRA_PORT,
    users: options.users ?? settings.MOCK_ENTRA_USERS,
    groups: options.groups ?? settings.MOCK_ENTRA_GROUPS,
    seed: options.seed,
    dataDir: join(dataDir, 'mock-entra'),
    tls,
    acceptToken: adminToken,
    applicationTemplates: gallery,
    ...(options.faults === undefined ? {} : { faults: options.faults }),
  });
  print(greeting(mock.url, mock.tenantId, tls.caPath));
  await untilStopped();
  await mock.close();
}

const greeting = (url: string, tenantId: string, caPath: string): string =>
  [
    `Mock Entra listens on ${url}  (Ctrl-C stops it; what was changed is kept)`,
    '',
    `  Tenant       ${tenantId}`,
    '  Client       provisor, with the secret provisor',
    `  Own CA       ${caPath}`,
    '',
    'Read it as an application does:',
    `  TOKEN=$(curl -s --cacert ${caPath} ${url}/${tenantId}/oauth2/v2.0/token -d 'grant_type=client_credentials&client_id=provisor&client_secret=provisor&scope=https://graph.microsoft.com/.default' | grep -o '"access_token":"[^"]*' | cut -d'"' -f4)`,
    `  curl -s --cacert ${caPath} -H "Authorization: Bearer $TOKEN" '${url}/v1.0/users?$top=3'`,
    'Let an engine read it:',
    `  export AZURE_TENANT_ID=${tenantId} AZURE_CLIENT_ID=provisor AZURE_CLIENT_SECRET=provisor`,
    `  export AZURE_AUTHORITY_HOST=${url} GRAPH_BASE_URL=${url} NODE_EXTRA_CA_CERTS=${caPath}`,
  ].join('\n');

const faults = z.record(z.string(), z.unknown());
function jsonObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return faults.parse(JSON.parse(text));
  } catch {
    throw new InvalidArgumentError('It must be a JSON object, such as {"failWith503":0.1}.');
  }
}
