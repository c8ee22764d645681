// provisor schema get, put and validate: the mappings and scope of a job as Graph's JSON.
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import type { SchemaFinding } from '../../rules/model/schema.ts';
import { entraFindings } from '../../rules/schema/entra-findings.ts';
import { readSchema } from '../../rules/schema/read-schema.ts';
import { findJob, jobPath } from '../answers.ts';
import type { Connection } from '../connection.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { renderFindings } from '../findings.ts';
import { print } from '../output.ts';
import { readDocument } from '../read-document.ts';
import { tried } from '../schema-answers.ts';
import { renderTable } from '../table.ts';
import { agreeTo, hasErrors, ofJob, refuse, report, savedText } from './schema-shared.ts';
import type { JobOptions, PutOptions } from './schema-shared.ts';
import { versionCommands } from './schema-versions.ts';
import { onEngine, withEngine } from './shared.ts';
import type { EngineOptions } from './shared.ts';

export function schemaCommand(): Command {
  const schema = new Command('schema').description('attribute mappings and scope of a job');
  ofJob(schema.command('get').description("print the schema as Graph's JSON"))
    .option('--out <file>', 'write it to a file')
    .option('--entra', 'only if Entra would take it: refuse, with their list, what goes beyond it')
    .action((options: GetOptions) => onEngine(options, (c) => get(c, options)));
  ofJob(schema.command('put <file>').description('save a schema; - reads it from standard input'))
    .option('--yes', 'save without asking')
    .action((file: string, options: PutOptions) => onEngine(options, (c) => put(c, file, options)));
  withEngine(schema.command('validate <file>').description('check a schema: by itself, or as the job would take it'))
    .option('--job <job>', 'check it against this job')
    .action((file: string, options: ValidateOptions) => validate(file, options));
  versionCommands(schema);
  return schema;
}

interface GetOptions extends JobOptions {
  readonly out?: string;
  readonly entra?: boolean;
}
async function get(connection: Connection, options: GetOptions): Promise<void> {
  const { job, out, entra } = options;
  const found = await findJob(connection, job);
  const document = withoutContext(await connection.send('GET', `${jobPath(found)}/schema`));
  if (entra) refuseBeyondEntra(document, options);
  const text = JSON.stringify(document, null, 2);
  if (out === undefined) print(text);
  else save(out, `${text}\n`);
}

function save(out: string, text: string): void {
  try {
    writeFileSync(out, text);
  } catch (error) {
    throw new CommandFailure(`--out ${out} cannot be written: ${String(error)}.`, exitCodes.wrongUsage, {
      cause: error,
    });
  }
}

function refuseBeyondEntra(document: unknown, options: EngineOptions): void {
  const read = readSchema(document, { id: '', version: '', current: null });
  if (!read.ok) refuse(read.findings, document, options);
  const beyond = entraFindings(read.schema);
  if (beyond.length === 0) return;
  const rows = beyond.map(({ path, message, remedy }) => [path, message, remedy]);
  report(options, { findings: beyond }, renderTable(['WHERE', 'BEYOND ENTRA', 'REMEDY'], rows));
  throw new CommandFailure(`Entra would refuse this schema: ${String(beyond.length)} places go beyond it.`);
}

/** What an answer says of its host is none of the document. */
const withoutContext = (answer: unknown): unknown =>
  Object.fromEntries(Object.entries(answer as object).filter(([name]) => !name.endsWith('@odata.context')));

async function put(connection: Connection, file: string, options: PutOptions): Promise<void> {
  const document = readDocument(file);
  const found = await findJob(connection, options.job);
  const { findings, changes } = await tried(connection, found, document);
  if (hasErrors(findings)) refuse(findings, document, options);
  if (changes.length === 0) {
    report(options, { saved: false, findings, changes }, 'Nothing differs; nothing was saved.');
    return;
  }
  if (findings.length > 0 && !options.json) print(renderFindings(findings, document));
  await agreeTo(changes, options, 'Save this schema?');
  await connection.send('PUT', `${jobPath(found)}/schema`, document);
  report(options, { saved: true, findings, changes }, savedText);
}

interface ValidateOptions extends EngineOptions {
  readonly job?: string;
}
async function validate(file: string, options: ValidateOptions): Promise<void> {
  const document = readDocument(file);
  const { job } = options;
  if (job === undefined) judge(findingsOf(document), document, options);
  else
    await onEngine(options, async (connection) => {
      const { findings } = await tried(connection, await findJob(connection, job), document);
      judge(findings, document, options);
    });
}

function findingsOf(document: unknown): readonly SchemaFinding[] {
  const read = readSchema(document, { id: '', version: '', current: null });
  return read.ok ? read.warnings : read.findings;
}

function judge(findings: readonly SchemaFinding[], document: unknown, options: EngineOptions): void {
  if (hasErrors(findings)) refuse(findings, document, options);
  if (findings.length > 0 && !options.json) print(renderFindings(findings, document));
  report(options, { findings }, 'The schema can be saved.');
}
