// provisor notifications: what people were told about jobs, and a test of whether they can be told.
import { Command } from 'commander';
import { z } from 'zod';
import { findJob, understand } from '../answers.ts';
import type { Connection } from '../connection.ts';
import { CommandFailure } from '../failure.ts';
import { print, printJson } from '../output.ts';
import { renderTable } from '../table.ts';
import { onEngine, withEngine } from './shared.ts';
import type { EngineOptions } from './shared.ts';

interface TestOptions extends EngineOptions {
  readonly job?: string;
}

export const notificationsCommand = (): Command =>
  new Command('notifications')
    .description('mail and webhooks about jobs')
    .addCommand(
      withEngine(new Command('list').description('what people were told, newest first')).action(
        (options: EngineOptions) => onEngine(options, (connection) => list(connection, options)),
      ),
    )
    .addCommand(
      withEngine(new Command('test').description('send a test message to everybody who is told'))
        .option('--job <job>', 'to those who are told about this job, by id or name of its application')
        .action((options: TestOptions) => onEngine(options, (connection) => test(connection, options))),
    );

const listed = z.object({
  value: z.array(
    z.object({
      createdAt: z.string(),
      event: z.object({ kind: z.string(), jobId: z.string().nullable() }),
      deliveries: z
        .array(
          z.object({
            channel: z.string(),
            address: z.string(),
            state: z.string(),
            attempts: z.number(),
            error: z.string().nullable(),
          }),
        )
        .nullable(),
    }),
  ),
});
type Listed = z.output<typeof listed>['value'][number];

async function list(connection: Connection, { json }: EngineOptions): Promise<void> {
  const answer = await connection.send('GET', '/api/notifications');
  const { value } = understand(listed, answer);
  if (json) printJson(answer);
  else if (value.length === 0) print('Nobody was told anything yet.');
  else print(renderTable(columns, value.flatMap(rows)));
}

const columns = [
  'TIME',
  'EVENT',
  { title: 'JOB', most: 60 },
  { title: 'TO', most: 50 },
  'STATE',
  'ATTEMPTS',
  { title: 'ERROR', most: 80 },
];

function rows({ createdAt, event, deliveries }: Listed) {
  const first = [createdAt, event.kind, event.jobId];
  if (deliveries === null) return [[...first, null, 'new', 0, null]];
  if (deliveries.length === 0) return [[...first, null, 'nobody to tell', 0, null]];
  return deliveries.map(({ address, state, attempts, error }) => [...first, address, state, attempts, error]);
}

const tested = z.object({ value: z.array(z.object({ address: z.string(), error: z.string().nullable() })) });

async function test(connection: Connection, { job: name, json }: TestOptions): Promise<void> {
  const job = name === undefined ? {} : { jobId: (await findJob(connection, name)).id };
  const answer = await connection.send('POST', '/api/notifications/test', job);
  const { value } = understand(tested, answer);
  if (json) printJson(answer);
  else
    print(
      renderTable(
        [
          { title: 'TO', most: 60 },
          { title: 'RESULT', most: 200 },
        ],
        value.map(({ address, error }) => [address, error ?? 'accepted']),
      ),
    );
  const refused = value.filter(({ error }) => error !== null).length;
  if (refused > 0)
    throw new CommandFailure(`${String(refused)} of ${String(value.length)} did not accept the message.`);
}
