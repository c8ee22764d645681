// The words of `npm start`, for an administrator who sees Provisor for the first time.
import { join, relative } from 'node:path';
import type { Api } from './api.ts';
import type { DemoJob } from './demo.ts';
import type { Engine } from './engine.ts';

interface Running {
  readonly api: Api;
  readonly mock: string | null;
  readonly demo: readonly DemoJob[];
  readonly engine: Engine;
  readonly logFile: string;
  readonly adminTokenFile: string;
}

export function greeting({ api, mock, demo, engine, logFile, adminTokenFile }: Running): string {
  const { settings } = engine;
  const widest = Math.max(0, ...demo.map(({ displayName }) => displayName.length));
  const lines: readonly (readonly [string, string])[] = [
    ['API', `${api.url}  and  ${api.tlsUrl}`],
    [
      'Directory',
      mock === null
        ? engine.directory.graphBaseUrl
        : `${mock}  (mock Entra, ${String(settings.MOCK_ENTRA_USERS)} users, ${String(settings.MOCK_ENTRA_GROUPS)} groups)`,
    ],
    ...demo.map(({ displayName, simulator }, at): readonly [string, string] => [
      at === 0 ? 'Applications' : '',
      `${displayName.padEnd(widest)}  ${new URL('/simulator/state', simulator.url).href}`,
    ]),
    [
      'State',
      settings.DATABASE_URL === undefined
        ? `embedded PostgreSQL in ${shown(engine.dataDir)}`
        : 'PostgreSQL of DATABASE_URL',
    ],
    ['Queue', settings.REDIS_URL === undefined ? 'BullMQ on PostgreSQL' : 'BullMQ on Redis'],
    ['Admin token', shown(adminTokenFile)],
    ['Log', shown(logFile)],
  ];
  return `\nProvisor is up.\n\n${lines.map(([name, value]) => `  ${name.padEnd(13)}${value}`).join('\n')}\n`;
}

/** Three commands that show the whole round: change the tenant, run a cycle, read why. */
export function nextSteps({ url }: Api, demo: readonly DemoJob[], dataDir: string): string {
  const job = demo[0];
  if (job === undefined) return 'Cycles run on schedule. Ctrl-C stops.';
  return [
    'Try next, in another terminal (Ctrl-C here stops everything):',
    '',
    '  # 1. change a user in the tenant, with the call that Microsoft Graph takes',
    `  AUTH="Authorization: Bearer $(cat ${shown(join(dataDir, 'admin-token'))})"`,
    `  ID=$(curl -s -H "$AUTH" '${url}/v1.0/users?$top=1&$select=id' | grep -o '"id":"[^"]*' | cut -d'"' -f4)`,
    `  curl -X PATCH -H "$AUTH" -H 'Content-Type: application/json' -d '{"jobTitle":"Astronaut"}' ${url}/v1.0/users/$ID`,
    '  # 2. run a cycle now instead of waiting for it',
    `  npm run provisor -- jobs run '${job.displayName}' --wait`,
    '  # 3. read what it did, and why',
    `  npm run provisor -- logs --job '${job.displayName}' --object $ID`,
    '',
  ].join('\n');
}

/** The shorter of the path and the path from here. */
function shown(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.length < path.length ? fromHere : path;
}

export const goodbye = '\nStopping: the page at work is finished, nothing is lost.';
