// provisor escrows: what failed, grouped by cause, and what is to become of it.
import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { escrowStates } from '../../rules/model/escrow.ts';
import { findJob, understand } from '../answers.ts';
import type { Connection } from '../connection.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { print, printJson } from '../output.ts';
import { renderTable } from '../table.ts';
import { countFromOne, onEngine, withEngine } from './shared.ts';
import type { EngineOptions } from './shared.ts';

export function escrowsCommand(): Command {
  const escrows = new Command('escrows').description('objects that failed, why, and when they are tried again');
  withEngine(escrows.command('list <job>').description('each failure, in the order of object ids'))
    .option('--cause <id>', "of this cause only, as 'escrows causes' names it")
    .option('--code <code>', 'of this error code only')
    .addOption(new Option('--state <state>', 'in this state only').choices(escrowStates))
    .option('--object <id>', 'of this user or group only, by its id in the directory')
    .option('--limit <n>', 'at most this many', countFromOne, 50)
    .action((job: string, options: ListOptions) => onEngine(options, (c) => list(c, job, options)));
  withEngine(escrows.command('causes <job>').description('failures grouped by cause, the most frequent first')).action(
    (job: string, options: EngineOptions) => onEngine(options, (c) => causes(c, job, options)),
  );
  acting(escrows, 'retry', 'make failures due in the next cycle', 'due');
  acting(escrows, 'ignore', 'try failures no more until their object changes', 'ignored');
  acting(escrows, 'snooze', 'leave failures alone until a time', 'snoozed').requiredOption(
    '--until <time>',
    'such as 2026-12-24T18:00:00Z',
    timeToCome,
  );
  return escrows;
}

interface ListOptions extends EngineOptions {
  readonly cause?: string;
  readonly code?: string;
  readonly state?: string;
  readonly object?: string;
  readonly limit: number;
}

const LARGEST_PAGE = 1_000;
const failure = z.object({
  sourceId: z.string(),
  subject: z.string(),
  displayName: z.string().nullable(),
  state: z.string(),
  error: z.object({ code: z.string(), message: z.string() }),
  attempts: z.number(),
  nextRetry: z.string().nullable(),
});
const failurePage = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().optional() });

async function list(connection: Connection, name: string, options: ListOptions): Promise<void> {
  const { id } = await findJob(connection, name);
  const found = await read(connection, id, options);
  if (options.json) printJson({ value: found });
  else if (found.length === 0) print('Nothing is in escrow.');
  else
    print(
      renderTable(
        failureColumns,
        found.map((each) => failureRow(understand(failure, each))),
      ),
    );
}

async function read(connection: Connection, jobId: string, options: ListOptions): Promise<readonly unknown[]> {
  const { cause, code, state, object, limit } = options;
  const query = new URLSearchParams({
    $top: String(Math.min(limit, LARGEST_PAGE)),
    ...(cause === undefined ? {} : { cause }),
    ...(code === undefined ? {} : { code }),
    ...(state === undefined ? {} : { state }),
    ...(object === undefined ? {} : { sourceId: object }),
  });
  const found: unknown[] = [];
  for (let path: string | null = `${pathOf(jobId)}?${query.toString()}`; path !== null && found.length < limit;) {
    const page: z.output<typeof failurePage> = understand(failurePage, await connection.send('GET', path));
    found.push(...page.value);
    path = below(page['@odata.nextLink']);
  }
  return found.slice(0, limit);
}

/** The engine is reached where it was named, whatever it calls itself in links. */
function below(link: string | undefined): string | null {
  if (link === undefined) return null;
  const { pathname, search } = new URL(link);
  return pathname + search;
}

const failureColumns = [
  { title: 'OBJECT', most: 36 },
  { title: 'OF', most: 16 },
  'STATE',
  'TRIES',
  'NEXT',
  { title: 'WHY', most: 60 },
];
const failureRow = (each: z.output<typeof failure>) => [
  each.displayName ?? each.sourceId,
  each.subject,
  each.state,
  each.attempts,
  minute(each.nextRetry),
  `${each.error.code}: ${each.error.message}`,
];

const causeList = z.object({
  value: z.array(
    z.object({
      cause: z.string(),
      count: z.number(),
      states: z.record(z.string(), z.number()),
      lastFailed: z.string(),
      example: z.object({ message: z.string() }),
    }),
  ),
});

async function causes(connection: Connection, name: string, { json }: EngineOptions): Promise<void> {
  const answer = await connection.send('GET', `${pathOf((await findJob(connection, name)).id)}/causes`);
  if (json) {
    printJson(answer);
    return;
  }
  const { value } = understand(causeList, answer);
  if (value.length === 0) {
    print('Nothing is in escrow.');
    return;
  }
  print(
    value
      .map((each) => [`${each.cause}  ${String(each.count)} (${statesText(each.states)})`, `  ${each.example.message}`])
      .flat()
      .join('\n'),
  );
}
const statesText = (states: Readonly<Record<string, number>>): string =>
  Object.entries(states)
    .map(([state, count]) => `${String(count)} ${state}`)
    .join(', ');

interface ActOptions extends EngineOptions {
  readonly object?: readonly string[];
  readonly cause?: string;
  readonly all?: boolean;
  readonly reason?: string;
  readonly until?: string;
}

function acting(escrows: Command, verb: 'retry' | 'ignore' | 'snooze', description: string, done: string): Command {
  return withEngine(escrows.command(`${verb} <job>`).description(description))
    .option('--object <ids...>', 'failures of these users and groups')
    .option('--cause <id>', "failures of this cause, as 'escrows causes' names it")
    .option('--all', 'all failures of the job')
    .option('--reason <text>', 'why, for the audit log')
    .action((job: string, options: ActOptions) =>
      onEngine(options, async (connection) => {
        const body = bodyOf(options);
        const { id } = await findJob(connection, job);
        const answer = await connection.send('POST', `${pathOf(id)}/${verb}`, body);
        if (options.json) printJson(answer);
        else print(told(understand(acted, answer), done));
      }),
    );
}

function bodyOf({ object, cause, all, reason, until }: ActOptions) {
  if ([object, cause, all].filter((each) => each !== undefined).length !== 1)
    throw new CommandFailure(
      'Nothing was changed: give exactly one of --object, --cause and --all.',
      exitCodes.wrongUsage,
    );
  return {
    ...(object === undefined ? {} : { ids: object }),
    ...(cause === undefined ? {} : { cause }),
    ...(all === undefined ? {} : { all: true }),
    ...(reason === undefined ? {} : { reason }),
    ...(until === undefined ? {} : { until }),
  };
}

const acted = z.object({ count: z.number(), nextCycle: z.string().nullable() });
function told({ count, nextCycle }: z.output<typeof acted>, done: string): string {
  const next =
    nextCycle === null ? 'The job is off; start it.' : `The next cycle begins at ${minute(nextCycle) ?? ''}.`;
  return `${String(count)} ${count === 1 ? 'failure is' : 'failures are'} ${done}. ${next}`;
}

function timeToCome(text: string): string {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError('It must be a time such as 2026-12-24T18:00:00Z.');
  return time.toISOString();
}

const minute = (time: string | null): string | null => (time === null ? null : `${time.slice(0, 16)}Z`);
const pathOf = (jobId: string): string => `/api/jobs/${encodeURIComponent(jobId)}/escrows`;
