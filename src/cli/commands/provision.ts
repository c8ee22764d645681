// provisor provision: one user or group of a job now, and what was done to it, step by step.
import { Command, Option } from 'commander';
import { z } from 'zod';
import { findJob, jobPath, understand } from '../answers.ts';
import { CommandFailure } from '../failure.ts';
import { print, printJson } from '../output.ts';
import { renderFacts, renderTable } from '../table.ts';
import type { Connection } from '../connection.ts';
import { onEngine, withEngine } from './shared.ts';
import type { EngineOptions } from './shared.ts';

interface ProvisionOptions extends EngineOptions {
  readonly job: string;
  readonly object: string;
  readonly type: string;
  readonly member: readonly string[];
  readonly dryRun?: boolean;
}

export const provisionCommand = (): Command =>
  withEngine(new Command('provision').description('provision one user or group now'))
    .requiredOption('--job <job>', 'the job, by id or name of its application')
    .requiredOption('--object <id>', 'id of the user or group in the directory')
    .addOption(new Option('--type <type>', 'what it is').choices(['User', 'Group']).default('User'))
    .option('--member <id>', 'a user to provision as member of the group; may be repeated', collect, [])
    .option('--dry-run', 'what-if: decide everything, write nothing')
    .action((options: ProvisionOptions) => onEngine(options, (connection) => provision(connection, options)));

const collect = (id: string, before: readonly string[]): readonly string[] => [...before, id];

const verdict = z.object({ result: z.string(), details: z.record(z.string(), z.string()) });
const record = z.object({
  action: z.string(),
  reportableIdentifier: z.string(),
  modifiedProperties: z.array(
    z.object({ displayName: z.string(), oldValue: z.string().nullable(), newValue: z.string().nullable() }),
  ),
  provisioningSteps: z.array(z.object({ type: z.string(), status: z.string(), description: z.string() })),
  targetIdentity: z.object({ id: z.string().nullable() }),
});
const told = record.extend({ members: z.array(record).optional() });
const pair = z.object({ key: z.string(), value: z.string() });

async function provision(connection: Connection, options: ProvisionOptions): Promise<void> {
  const found = await findJob(connection, options.job);
  const schema = understand(rules, await connection.send('GET', `${jobPath(found)}/schema`));
  const answer = await connection.send('POST', `${jobPath(found)}/provisionOnDemand`, {
    parameters: [{ ruleId: schema.synchronizationRules[0]?.id ?? '', subjects: [subjectOf(options)] }],
    dryRun: options.dryRun ?? false,
  });
  const { key, value } = understand(pair, answer);
  const [outcome, done] = [understand(verdict, JSON.parse(key)), understand(told, JSON.parse(value))];
  if (options.json) printJson({ key: outcome, value: JSON.parse(value) as unknown });
  else print([recordText(outcome, done), ...(done.members ?? []).map(memberText)].join('\n\n'));
  if (outcome.result === 'Failure') throw new CommandFailure(outcome.details['errorMessage'] ?? 'It failed.');
}
const rules = z.object({ synchronizationRules: z.array(z.object({ id: z.string() })) });

function subjectOf({ object, type, member }: ProvisionOptions): object {
  const members = member.map((objectId) => ({ objectId, objectTypeName: 'User' }));
  return { objectId: object, objectTypeName: type, ...(members.length === 0 ? {} : { links: { members } }) };
}

function recordText({ result, details }: z.output<typeof verdict>, done: z.output<typeof record>): string {
  const why = details['errorCode'] === undefined ? [] : ([['Because', details['errorCode']]] as const);
  const facts = renderFacts([
    ['Object', done.reportableIdentifier],
    ['Result', result],
    ['Action', done.action],
    ['Account', done.targetIdentity.id],
    ...why,
  ]);
  return [facts, stepTable(done), ...(done.modifiedProperties.length === 0 ? [] : [changeTable(done)])].join('\n\n');
}

const memberText = (done: z.output<typeof record>): string =>
  [`Member ${done.reportableIdentifier}: ${done.action}`, stepTable(done)].join('\n');

const stepTable = ({ provisioningSteps }: z.output<typeof record>): string =>
  renderTable(
    ['STEP', 'STATUS', { title: 'WHAT HAPPENED', most: 120 }],
    provisioningSteps.map(({ type, status, description }) => [type, status, description]),
  );

const changeTable = ({ modifiedProperties }: z.output<typeof record>): string =>
  renderTable(
    ['ATTRIBUTE', { title: 'BEFORE', most: 50 }, { title: 'AFTER', most: 50 }],
    modifiedProperties.map(({ displayName, oldValue, newValue }) => [displayName, oldValue, newValue]),
  );
