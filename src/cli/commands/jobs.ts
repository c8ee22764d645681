// provisor jobs: list, show, create, start, pause, restart, run, delete.
import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { readRestartScope } from '../../cycle/use-cases/restart-scope.ts';
import { ConfigError } from '../../rules/model/errors.ts';
import { findJob, job, jobList, jobPath, synchronizationPath, understand } from '../answers.ts';
import type { JobAnswer } from '../answers.ts';
import type { Connection } from '../connection.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { print, printJson } from '../output.ts';
import { renderFacts, renderTable } from '../table.ts';
import { runJob } from './run-job.ts';
import type { RunOptions } from './run-job.ts';
import { onEngine, withEngine } from './shared.ts';
import type { EngineOptions } from './shared.ts';

export function jobsCommand(): Command {
  const jobs = new Command('jobs').description('synchronization jobs of a running engine');
  withEngine(jobs.command('list').description('all jobs with their status')).action((options: EngineOptions) =>
    onEngine(options, (c) => list(c, options)),
  );
  withEngine(jobs.command('show <job>').description('one job, by id or name of its application')).action(
    (name: string, options: EngineOptions) => onEngine(options, async (c) => show(await findJob(c, name), options)),
  );
  withEngine(createCommand(jobs)).action((options: CreateOptions) => onEngine(options, (c) => create(c, options)));
  verb(jobs, 'start', 'start a job, or lift its quarantine', 'started');
  verb(jobs, 'pause', 'pause a job; it keeps its place', 'paused');
  withEngine(jobs.command('restart <job>').description('restart a job and evaluate every object again'))
    .option(
      '--scope <scopes>',
      'what to forget, e.g. Watermark,Escrows or Full (default: as the portal does)',
      resetScope,
    )
    .action((name: string, options: RestartOptions) => onEngine(options, (c) => restart(c, name, options)));
  withEngine(jobs.command('run <job>').description('run a cycle now'))
    .addOption(new Option('--type <type>', 'which cycle').choices(['incremental', 'initial']).default('incremental'))
    .option('--dry-run', 'what-if: decide everything, write nothing')
    .option('--wait', 'wait for its end and show the counts')
    .action((name: string, options: RunOptions) => onEngine(options, (c) => runJob(c, name, options)));
  withEngine(
    jobs.command('delete <job>').description('delete a job; accounts in the application stay as they are'),
  ).action((name: string, options: EngineOptions) => onEngine(options, (c) => remove(c, name, options)));
  return jobs;
}

async function list(connection: Connection, { json }: EngineOptions): Promise<void> {
  const answer = await connection.send('GET', '/api/jobs');
  if (json) printJson(answer);
  else print(jobTable(understand(jobList, answer).value));
}

const jobTable = (jobs: readonly JobAnswer[]): string =>
  jobs.length === 0
    ? "No jobs yet. Create one with 'jobs create --service-principal ID'."
    : renderTable(['APPLICATION', 'STATUS', 'CYCLE', 'LAST ENDED', 'LINKED', 'ERRORS', 'JOB'], jobs.map(row));

const row = (each: JobAnswer) => [
  each.displayName,
  each.status.code,
  cycleText(each),
  each.status.lastExecution?.timeEnded ?? null,
  linked(each),
  each.escrows,
  each.id,
];
const linked = ({ status }: JobAnswer): number =>
  status.synchronizedEntryCountByType.reduce((sum, { value }) => sum + value, 0);

function cycleText({ currentCycle, status }: JobAnswer): string | null {
  if (currentCycle === null) return status.lastExecution?.state ?? null;
  return `${currentCycle.phase} ${String(currentCycle.progress.done)}/${String(currentCycle.progress.total)}`;
}

function show(found: JobAnswer, { json }: EngineOptions): void {
  if (json) printJson(found);
  else print(jobFacts(found));
}

function jobFacts(found: JobAnswer): string {
  const { quarantine } = found.status;
  return renderFacts([
    ['Job', found.id],
    ['Application', found.displayName],
    ['Service principal', found.servicePrincipalId],
    ['Schedule', `${found.schedule.state}, every ${found.schedule.interval}`],
    ['Status', found.status.code],
    ['Cycle', cycleText(found)],
    ['Last ended', found.status.lastExecution?.timeEnded ?? null],
    ...found.status.synchronizedEntryCountByType.map(({ key, value }) => [key, value] as const),
    ['Objects in error', found.escrows],
    ...(found.held === 0 ? [] : ([['Held', heldWords(found)]] as const)),
    ...(quarantine === null
      ? []
      : ([['Quarantine', `${quarantine.reason}, next attempt ${quarantine.nextAttempt}`]] as const)),
    ...(quarantine?.error ? ([['Reason', quarantine.error.message]] as const) : []),
    ...exchangeFacts(found),
    ...found.synchronizationJobSettings.map(({ name, value }) => [name, value] as const),
  ]);
}

function exchangeFacts({ failedExchange, disabledAt }: JobAnswer): readonly (readonly [string, string])[] {
  return [
    ...(disabledAt === null ? [] : ([['Disabled at', disabledAt]] as const)),
    ...(failedExchange === null
      ? []
      : ([
          ['Request', `${failedExchange.method} ${failedExchange.url}`],
          [
            'Answer',
            `${failedExchange.status === null ? 'none' : String(failedExchange.status)}: ${failedExchange.body}`,
          ],
        ] as const)),
  ];
}

const heldWords = ({ held, id }: JobAnswer): string =>
  `${String(held)} wait for approval: provisor deletions list --job ${id}`;

interface CreateOptions extends EngineOptions {
  readonly servicePrincipal: string;
  readonly template: string;
  readonly baseAddress?: string;
  readonly tokenFile?: string;
  readonly syncAll?: boolean;
  readonly start?: boolean;
}

const createCommand = (jobs: Command): Command =>
  jobs
    .command('create')
    .description('create a job for an application')
    .requiredOption('--service-principal <id>', 'object id of the service principal')
    .option('--template <id>', 'template of the job', 'scim')
    .option('--base-address <url>', 'tenant URL of the application')
    .option('--token-file <file>', 'file with its secret token; - reads it from standard input')
    .option('--sync-all', 'provision all users and groups, not only assigned ones')
    .option('--start', 'start the job too');

async function create(connection: Connection, options: CreateOptions): Promise<void> {
  const root = synchronizationPath(options.servicePrincipal);
  const secrets = givenSecrets(options);
  // Nothing is changed for a template that does not exist.
  await connection.send('GET', `${root}/templates/${encodeURIComponent(options.template)}`);
  // Before the job, because a wrong tenant URL is the likelier mistake; then no job is left behind.
  if (secrets.length > 0) await saveSecrets(connection, root, secrets);
  const answer = await connection.send('POST', `${root}/jobs`, { templateId: options.template });
  const { id } = understand(job.pick({ id: true }), answer);
  if (options.start) await connection.send('POST', `${root}/jobs/${encodeURIComponent(id)}/start`);
  if (options.json) printJson(answer);
  else print(`Job ${id} is created${options.start ? ' and started' : ''}.`);
}

interface KeyValue {
  readonly key: string;
  readonly value: string;
}

function givenSecrets({ baseAddress, tokenFile, syncAll }: CreateOptions): readonly KeyValue[] {
  return [
    ...(baseAddress === undefined ? [] : [{ key: 'BaseAddress', value: baseAddress }]),
    ...(tokenFile === undefined ? [] : [{ key: 'SecretToken', value: readToken(tokenFile) }]),
    ...(syncAll ? [{ key: 'SyncAll', value: 'true' }] : []),
  ];
}

function readToken(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8').trim();
  } catch (error) {
    throw new CommandFailure(`--token-file ${file} cannot be read: ${String(error)}.`, exitCodes.wrongUsage, {
      cause: error,
    });
  }
}

/** Others that are saved stay: their values come masked and go back masked. */
async function saveSecrets(connection: Connection, root: string, given: readonly KeyValue[]): Promise<void> {
  const stored = understand(secretList, await connection.send('GET', `${root}/secrets`)).value;
  const kept = stored.filter(({ key }) => !given.some((secret) => secret.key === key));
  await connection.send('PUT', `${root}/secrets`, { value: [...kept, ...given] });
}
const secretList = z.object({ value: z.array(z.object({ key: z.string(), value: z.string() })) });

function verb(jobs: Command, name: 'start' | 'pause', description: string, done: string): void {
  withEngine(jobs.command(`${name} <job>`).description(description)).action((wanted: string, options: EngineOptions) =>
    onEngine(options, async (connection) => {
      const found = await findJob(connection, wanted);
      await connection.send('POST', `${jobPath(found)}/${name}`);
      await finish(connection, found, `is ${done}`, options);
    }),
  );
}

interface RestartOptions extends EngineOptions {
  readonly scope?: string;
}

function resetScope(text: string): string {
  try {
    readRestartScope(text);
    return text;
  } catch (error) {
    if (error instanceof ConfigError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

async function restart(connection: Connection, name: string, options: RestartOptions): Promise<void> {
  const found = await findJob(connection, name);
  await connection.send(
    'POST',
    `${jobPath(found)}/restart`,
    options.scope === undefined ? {} : { criteria: { resetScope: options.scope } },
  );
  await finish(connection, found, 'is restarted', options);
}

async function finish(connection: Connection, { id }: JobAnswer, what: string, { json }: EngineOptions): Promise<void> {
  if (json) printJson(await connection.send('GET', `/api/jobs/${encodeURIComponent(id)}`));
  else print(`Job ${id} ${what}.`);
}

async function remove(connection: Connection, name: string, { json }: EngineOptions): Promise<void> {
  const found = await findJob(connection, name);
  await connection.send('DELETE', jobPath(found));
  if (json) printJson({ deleted: found.id });
  else print(`Job ${found.id} is deleted. No account in the application was touched.`);
}
