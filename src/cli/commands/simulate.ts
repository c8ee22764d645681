// provisor simulate: an application that speaks SCIM, to provision to.
import { Argument, Command } from 'commander';
import { readSettings } from '../../../config/settings.ts';
import { print, untilStopped } from '../output.ts';
import { portNumber } from './shared.ts';

interface SimulateOptions {
  readonly port: number;
  readonly token: string;
  readonly dataFile?: string;
}

export const simulateCommand = (): Command =>
  new Command('simulate')
    .description('an application that speaks SCIM, to provision to')
    .addArgument(new Argument('<app>', 'which application').choices(['generic']))
    .option('--port <n>', 'port; 0 takes a free one', portNumber, 8181)
    .option('--token <token>', 'bearer token that it wants', 'simulator')
    .option('--data-file <file>', 'keep its accounts in this file (default: in memory)')
    .action((app: string, options: SimulateOptions) => simulate(app, options));

async function simulate(name: string, { port, token, dataFile }: SimulateOptions): Promise<void> {
  const { HOST: host } = readSettings();
  const { startScimSimulator } = await import('../../simulators/scim/start.ts');
  const simulator = await startScimSimulator({
    host,
    name,
    port,
    token,
    ...(dataFile === undefined ? {} : { dataFile }),
  });
  print(greeting(simulator.url, token));
  await untilStopped();
  await simulator.close();
}

const greeting = (url: string, token: string): string =>
  [
    `A generic SCIM application listens on ${url}  (Ctrl-C stops it)`,
    '',
    `  Tenant URL     ${url}`,
    `  Secret token   ${token}`,
    '',
    'See its accounts:',
    `  curl -s -H 'Authorization: Bearer ${token}' '${url}/Users?count=3'`,
  ].join('\n');
