// provisor simulate: an application that speaks SCIM, to provision to; one that behaves as a real service does, or a generic one.
import { Argument, Command, InvalidArgumentError } from 'commander';
import { readSettings } from '../../../config/settings.ts';
import type { Json } from '../../rules/model/json.ts';
import { findService, services } from '../../simulators/applications/index.ts';
import { changeFaults, noFaults } from '../../simulators/scim/faults.ts';
import type { ScimFaults } from '../../simulators/scim/faults.ts';
import type { ScimSimulator } from '../../simulators/scim/start.ts';
import { print, untilStopped } from '../output.ts';
import { portNumber, wholeNumber } from './shared.ts';

interface SimulateOptions {
  readonly port: number;
  readonly token: string;
  readonly dataFile?: string;
  readonly requestsPerSecond: number;
  readonly faults?: Partial<ScimFaults>;
  readonly json?: boolean;
}

export const simulateCommand = (): Command =>
  new Command('simulate')
    .description('an application that speaks SCIM, to provision to')
    .addArgument(new Argument('<app>', 'which application').choices(services.map(({ name }) => name)))
    .option('--port <n>', 'port; 0 takes a free one', portNumber, 8181)
    .option('--token <token>', 'bearer token that it wants', 'simulator')
    .option('--data-file <file>', 'keep its accounts in this file (default: in memory)')
    .option('--requests-per-second <n>', 'answer 429 to more of them (0: take all)', wholeNumber, 0)
    .option('--faults <json>', 'faults to inject, as a JSON object', faultsOf)
    .option('--json', 'print where it listens as JSON')
    .addHelpText('after', help)
    .action((app: string, options: SimulateOptions) => simulate(app, options));

const help = `
generic takes everything that RFC 7643 and 7644 allow; the others keep, filter by and refuse what the real service does:
  grouptalk  labels of users and descriptions of groups in extensions of its own
  jostle     no groups; four typed e-mail addresses; filters by userName only
  gtmhub     creates no user over SCIM: they sign on (POST /simulator/sign-on)
  dialpad    renames no group
  tracktik   users are employees of the region HQ, groups are roles

While it runs, on this machine:
  GET  /simulator/state      its accounts          GET /simulator/requests  what it was asked
  POST /simulator/faults     change the faults     POST /simulator/sign-on  {"userName": "…"}: an account appears`;

function faultsOf(text: string): Partial<ScimFaults> {
  try {
    const given = JSON.parse(text) as Json;
    changeFaults(noFaults, given);
    return given as Partial<ScimFaults>;
  } catch (error) {
    throw new InvalidArgumentError(
      error instanceof SyntaxError
        ? 'It must be a JSON object, such as {"failNext":3,"status":503}.'
        : (error as Error).message,
    );
  }
}

async function simulate(app: string, options: SimulateOptions): Promise<void> {
  const { port, token, dataFile, requestsPerSecond, faults, json } = options;
  const { HOST: host } = readSettings();
  const { startScimSimulator } = await import('../../simulators/scim/start.ts');
  const rules = findService(app);
  const simulator = await startScimSimulator({
    host,
    port,
    token,
    faults: { requestsPerSecond, ...faults },
    ...(rules === null ? {} : { rules }),
    ...(dataFile === undefined ? {} : { dataFile }),
  });
  print(
    json === true
      ? JSON.stringify({ application: app, tenantUrl: simulator.url, token })
      : greeting(app, simulator, token),
  );
  await untilStopped();
  await simulator.close();
}

const greeting = (app: string, { url }: ScimSimulator, token: string): string =>
  [
    `${app === 'generic' ? 'A generic SCIM application' : `The application ${app}, simulated,`} listens on ${url}  (Ctrl-C stops it)`,
    '',
    `  Tenant URL     ${url}`,
    `  Secret token   ${token}`,
    '',
    'See its accounts:',
    `  curl -s -H 'Authorization: Bearer ${token}' '${url}/Users?count=3'`,
  ].join('\n');
