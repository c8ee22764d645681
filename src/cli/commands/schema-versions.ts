// provisor schema diff, history and rollback: what changed, and the way back.
import type { Command } from 'commander';
import type { SchemaChange } from '../../rules/schema/diff-schema.ts';
import { findJob } from '../answers.ts';
import type { JobAnswer } from '../answers.ts';
import { renderChanges } from '../changes.ts';
import type { Connection } from '../connection.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { readDocument } from '../read-document.ts';
import { changesBetween, tried, versionsOf, versionsPath } from '../schema-answers.ts';
import { renderTable } from '../table.ts';
import { agreeTo, hasErrors, ofJob, refuse, report, savedText } from './schema-shared.ts';
import type { JobOptions, PutOptions } from './schema-shared.ts';
import { countFromOne, onEngine } from './shared.ts';

export function versionCommands(schema: Command): void {
  ofJob(schema.command('diff [file]').description('what a file changes, or what two versions differ in'))
    .option('--from <version>', 'earlier version (default: the one before)', countFromOne)
    .option('--to <version>', 'later version (default: the one in force)', countFromOne)
    .action((file: string | undefined, options: DiffOptions) => onEngine(options, (c) => diff(c, file, options)));
  ofJob(schema.command('history').description('all versions, newest first')).action((options: JobOptions) =>
    onEngine(options, (c) => history(c, options)),
  );
  ofJob(schema.command('rollback').description('save an earlier version as the newest one'))
    .argument('<version>', 'its number in the history', countFromOne)
    .option('--yes', 'save without asking')
    .action((version: number, options: PutOptions) => onEngine(options, (c) => rollBack(c, version, options)));
}

/** With `from` or `to`, two versions that are kept; with a file, what saving it would change. */
interface DiffOptions extends JobOptions {
  readonly from?: number;
  readonly to?: number;
}
async function diff(connection: Connection, file: string | undefined, options: DiffOptions): Promise<void> {
  const found = await findJob(connection, options.job);
  const changes =
    file === undefined
      ? await changesBetween(connection, found.id, options)
      : await byFile(connection, found, file, options);
  report(options, { changes }, changes.length === 0 ? 'Nothing differs.' : renderChanges(changes));
}

async function byFile(connection: Connection, job: JobAnswer, file: string, options: DiffOptions) {
  if (options.from !== undefined || options.to !== undefined)
    throw new CommandFailure('Give a file, or --from and --to, but not both.', exitCodes.wrongUsage);
  const document = readDocument(file);
  const { findings, changes } = await tried(connection, job, document);
  return hasErrors(findings) ? refuse(findings, document, options) : changes;
}

async function history(connection: Connection, options: JobOptions): Promise<void> {
  const { id } = await findJob(connection, options.job);
  const versions = await versionsOf(connection, id);
  const rows = versions.map(({ version, savedAt, savedBy }, index) => [
    version,
    savedAt,
    savedBy ?? 'created from its template',
    index === 0 ? 'in force' : '',
  ]);
  report(options, { value: versions }, renderTable(['VERSION', 'SAVED', 'BY', 'STATE'], rows));
}

async function rollBack(connection: Connection, version: number, options: PutOptions): Promise<void> {
  const found = await findJob(connection, options.job);
  const changes = await changesBetween(connection, found.id, { from: version });
  if (changes.length === 0) {
    report(options, { saved: false, changes }, `Version ${String(version)} says what is in force; nothing was saved.`);
    return;
  }
  await agreeTo(changes.map(reversed), options, `Go back to version ${String(version)}?`);
  const saved = await connection.send('POST', `${versionsPath(found.id)}/${String(version)}/rollback`);
  report(options, saved, savedText);
}
const reversed = ({ kind, where, before, after }: SchemaChange): SchemaChange => ({
  kind: kind === 'added' ? 'removed' : kind === 'removed' ? 'added' : kind,
  where,
  before: after,
  after: before,
});
