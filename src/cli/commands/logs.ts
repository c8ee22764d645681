// provisor logs: the provisioning log of a running engine, newest first.
import { Command, Option } from 'commander';
import { z } from 'zod';
import type { ProvisioningAction, ProvisioningResult } from '../../rules/model/log.ts';
import { findJob, logEntry, understand } from '../answers.ts';
import type { LogEntryAnswer } from '../answers.ts';
import type { Connection } from '../connection.ts';
import { print, printJson } from '../output.ts';
import { renderTable } from '../table.ts';
import { countFromOne, onEngine, withEngine } from './shared.ts';
import type { EngineOptions } from './shared.ts';

interface LogOptions extends EngineOptions {
  readonly job?: string;
  readonly cycle?: string;
  readonly action?: string;
  readonly status?: string;
  readonly object?: string;
  readonly name?: string;
  readonly limit: number;
}

const LARGEST_PAGE = 1000;
const actions = [
  'create',
  'update',
  'disable',
  'delete',
  'stagedDelete',
  'other',
] satisfies readonly ProvisioningAction[];
const results = ['success', 'failure', 'skipped', 'warning'] satisfies readonly ProvisioningResult[];

export const logsCommand = (): Command =>
  withEngine(new Command('logs').description('what was done to which object, and why'))
    .option('--job <job>', 'of this job only, by id or name of its application')
    .option('--cycle <id>', 'of this cycle only')
    .addOption(new Option('--action <action>', 'of this action only').choices(actions))
    .addOption(new Option('--status <status>', 'of this result only').choices(results))
    .option('--object <id>', 'of this user or group only, by its id in the directory')
    .option('--name <text>', 'of users and groups whose name contains the text')
    .option('--limit <n>', 'at most this many entries', countFromOne, 50)
    .action((options: LogOptions) => onEngine(options, (connection) => logs(connection, options)));

async function logs(connection: Connection, options: LogOptions): Promise<void> {
  const entries = await readEntries(connection, await filterFor(connection, options), options.limit);
  if (options.json) printJson({ value: entries });
  else if (entries.length === 0) print('No entries.');
  else
    print(
      renderTable(
        columns,
        entries.map((entry) => row(understand(logEntry, entry))),
      ),
    );
}

const columns = [
  'TIME',
  'RESULT',
  'ACTION',
  { title: 'OBJECT', most: 40 },
  { title: 'ACCOUNT', most: 40 },
  { title: 'WHY', most: 100 },
];

async function filterFor(connection: Connection, options: LogOptions): Promise<string> {
  const jobId = options.job === undefined ? undefined : (await findJob(connection, options.job)).id;
  const equal = (property: string, value: string | undefined): readonly string[] =>
    value === undefined ? [] : [`${property} eq ${quoted(value)}`];
  return [
    ...equal('jobId', jobId),
    ...equal('cycleId', options.cycle),
    ...equal('provisioningAction', options.action),
    ...equal('provisioningStatusInfo/status', options.status),
    ...equal('sourceIdentity/id', options.object),
    ...(options.name === undefined ? [] : [`contains(sourceIdentity/displayName, ${quoted(options.name)})`]),
  ].join(' and ');
}
const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;

const page = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().optional() });

async function readEntries(connection: Connection, filter: string, limit: number): Promise<readonly unknown[]> {
  const query = new URLSearchParams({
    $top: String(Math.min(limit, LARGEST_PAGE)),
    ...(filter === '' ? {} : { $filter: filter }),
  });
  let path: string | null = `/v1.0/auditLogs/provisioning?${query.toString()}`;
  const entries: unknown[] = [];
  while (path !== null && entries.length < limit) {
    const answer: z.output<typeof page> = understand(page, await connection.send('GET', path));
    entries.push(...answer.value);
    path = pathOf(answer['@odata.nextLink']);
  }
  return entries.slice(0, limit);
}

/** The engine is reached where it was named, whatever it calls itself in links. */
function pathOf(link: string | undefined): string | null {
  if (link === undefined) return null;
  const { pathname, search } = new URL(link);
  return pathname + search;
}

const row = (entry: LogEntryAnswer) => [
  entry.activityDateTime,
  entry.provisioningStatusInfo.status,
  entry.provisioningAction,
  nameOf(entry.sourceIdentity),
  nameOf(entry.targetIdentity),
  why(entry),
];
const nameOf = ({ displayName, id }: { readonly displayName: string; readonly id: string }): string | null =>
  displayName === '' ? (id === '' ? null : id) : displayName;

function why({ provisioningStatusInfo, provisioningSteps }: LogEntryAnswer): string {
  const error = provisioningStatusInfo.errorInformation;
  if (error !== null) return `${error.errorCode}: ${error.reason}`;
  const last = provisioningSteps.at(-1);
  return last?.details['SkipReason'] ?? last?.description ?? '';
}
