// better-auth with its SCIM plugin and its adapter for memory: a strict SCIM 2.0 server that others wrote.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { scim } from '@better-auth/scim';
import { betterAuth } from 'better-auth';
import type { BetterAuthOptions, BetterAuthPlugin } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { getAuthTables } from 'better-auth/db';
import { toNodeHandler } from 'better-auth/node';

import type { ForeignServer } from './scimmy.ts';

const TOKEN = 'better-auth-token';

export async function startBetterAuth(): Promise<ForeignServer> {
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${String((http.address() as AddressInfo).port)}`;
  const credentials = [{ type: 'bearer' as const, id: 'key', token: TOKEN }];
  const tables: Record<string, Record<string, unknown>[]> = {};
  const options: BetterAuthOptions = {
    baseURL: origin,
    secret: 'a secret of this test that is long enough 0123456789',
    database: memoryAdapter(tables),
    // Under exactOptionalPropertyTypes the plugin's own type does not fit.
    plugins: [scim({ connections: [{ id: 'contract', credentials }] }) as unknown as BetterAuthPlugin],
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
  };
  for (const { modelName } of Object.values(getAuthTables(options))) tables[modelName] = [];
  const auth = betterAuth(options);
  const handle = toNodeHandler(auth);
  http.on('request', (request, response) => void handle(request, response));
  return {
    url: `${origin}/api/auth/scim/v2`,
    token: TOKEN,
    close: async () => {
      const closed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      await closed;
    },
  };
}
