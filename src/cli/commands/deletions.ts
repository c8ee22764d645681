// provisor deletions: what the deletion guard holds, and the decision about it.
import { Command, Option } from 'commander';
import { z } from 'zod';
import { heldActions, heldDecisions, heldReasons } from '../../rules/model/held.ts';
import { objectTypes } from '../../rules/model/source-object.ts';
import { findJob, understand } from '../answers.ts';
import type { JobAnswer } from '../answers.ts';
import type { Connection } from '../connection.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { print, printJson } from '../output.ts';
import { renderTable } from '../table.ts';
import { onEngine, withEngine } from './shared.ts';
import type { EngineOptions } from './shared.ts';

export function deletionsCommand(): Command {
  const deletions = new Command('deletions').description('disables and deletes that wait for approval');
  withFilter(withEngine(deletions.command('list')))
    .description('what is held, and why')
    .addOption(new Option('--decision <decision>', 'what was decided').choices(heldDecisions))
    .action((options: ListOptions) => onEngine(options, (connection) => list(connection, options)));
  for (const verb of ['approve', 'reject'] as const)
    withFilter(withEngine(deletions.command(verb)))
      .description(descriptions[verb])
      .option('--all', 'everything that waits')
      .option('--id <id...>', 'these, by their ids in the list')
      .requiredOption('--reason <text>', 'why; it stays in the audit log')
      .option('--run', 'run a cycle at once')
      .action((options: DecideOptions) => onEngine(options, (connection) => decide(connection, verb, options)));
  return deletions;
}

const descriptions = {
  approve: 'let them go: the next cycle disables and deletes them, if the reason still stands',
  reject: 'keep their accounts as they are, as long as the reason stays the same',
};

interface FilterOptions extends EngineOptions {
  readonly job: string;
  readonly filter?: string;
  readonly type?: string;
  readonly action?: string;
  readonly because?: string;
}
interface ListOptions extends FilterOptions {
  readonly decision?: string;
}
interface DecideOptions extends FilterOptions {
  readonly all?: boolean;
  readonly id?: readonly string[];
  readonly reason: string;
  readonly run?: boolean;
}

const withFilter = (command: Command): Command =>
  command
    .requiredOption('--job <job>', 'the job, by id or name of its application')
    .option('--filter <text>', 'whose name, or one of whose ids, contains the text')
    .addOption(new Option('--type <type>', 'of this type only').choices(objectTypes))
    .addOption(new Option('--action <action>', 'of this action only').choices(heldActions))
    .addOption(new Option('--because <reason>', 'of this reason only').choices(heldReasons));

const filterOf = ({ filter, type, action, because }: FilterOptions): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries({ contains: filter, type, action, because }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );

const heldPage = z.object({
  value: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      action: z.string(),
      because: z.string(),
      displayName: z.string(),
      count: z.number(),
      decision: z.string(),
      why: z.string(),
    }),
  ),
  '@odata.nextLink': z.string().optional(),
});
type Held = z.output<typeof heldPage>['value'][number];

const LARGEST_PAGE = 1000;

async function list(connection: Connection, options: ListOptions): Promise<void> {
  const job = await findJob(connection, options.job);
  const filter = { ...filterOf(options), ...(options.decision === undefined ? {} : { decision: options.decision }) };
  const query = new URLSearchParams({ ...filter, $top: String(LARGEST_PAGE) });
  const answer = await connection.send('GET', `${heldPath(job)}?${query.toString()}`);
  if (options.json) {
    printJson(answer);
    return;
  }
  const { value, '@odata.nextLink': more } = understand(heldPage, answer);
  if (value.length === 0) {
    print('Nothing is held.');
    return;
  }
  print(renderTable(columns, value.map(row)));
  print(`\n${[...new Set(value.map(({ why }) => why))].filter((why) => why !== '').join('\n')}`);
  if (more !== undefined)
    print(`There is more than these ${String(value.length)}: narrow the list with --filter or --because.`);
}

const columns = [{ title: 'NAME', most: 24 }, 'ACTION', { title: 'REASON', most: 18 }, 'DECISION', 'ID'];
const row = ({ displayName, action, count, because, decision, id }: Held) => [
  displayName,
  count > 1 ? `${action} (${String(count)})` : action,
  because,
  decision,
  id,
];

const heldPath = ({ id }: JobAnswer): string => `/api/jobs/${encodeURIComponent(id)}/held`;

const decided = z.object({ decided: z.number(), cycleId: z.string().nullable() });

async function decide(connection: Connection, verb: 'approve' | 'reject', options: DecideOptions): Promise<void> {
  const job = await findJob(connection, options.job);
  const { reason, run = false } = options;
  const answer = await connection.send('POST', `${heldPath(job)}/${verb}`, { ...selectionOf(options), reason, run });
  if (options.json) {
    printJson(answer);
    return;
  }
  const { decided: count, cycleId } = understand(decided, answer);
  if (count === 0) throw new CommandFailure("Nothing that is held fits. See 'deletions list'.");
  const after = verb === 'reject' ? 'their accounts stay as they are' : 'the next cycle carries them out';
  print(`${String(count)} ${verb === 'approve' ? 'approved' : 'rejected'}: ${after}.`);
  if (cycleId !== null) print(`Cycle ${cycleId} has begun.`);
}

/** Nothing is decided by mistake: what is meant must be said. */
function selectionOf(options: DecideOptions): Readonly<Record<string, unknown>> {
  const filter = filterOf(options);
  const said = [
    ...(options.all ? [{ all: true }] : []),
    ...(options.id === undefined ? [] : [{ ids: options.id }]),
    ...(Object.keys(filter).length === 0 ? [] : [{ filter }]),
  ];
  const [selection, another] = said;
  if (selection === undefined || another !== undefined)
    throw new CommandFailure(
      'Say which ones: --all, or --id, or a filter such as --because not-assigned.',
      exitCodes.wrongUsage,
    );
  return selection;
}
