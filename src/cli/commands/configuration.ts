// provisor export and apply: jobs as documents that are kept beside other code.
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { stringify } from 'yaml';
import { z } from 'zod';
import { environmentVariable } from '../../../config/settings.ts';
import { findJob, understand } from '../answers.ts';
import { renderChangeLines, wantsColour } from '../change-lines.ts';
import { confirmed } from '../confirm.ts';
import type { Connection } from '../connection.ts';
import { readDocuments } from '../documents.ts';
import type { WrittenDocument } from '../documents.ts';
import { CommandFailure, Refusal, exitCodes } from '../failure.ts';
import { print, printJson } from '../output.ts';
import { fillIn } from '../placeholders.ts';
import { change, finding } from '../schema-answers.ts';
import { onEngine, withEngine } from './shared.ts';
import type { EngineOptions } from './shared.ts';

interface ExportOptions extends EngineOptions {
  readonly job: string;
  readonly out?: string;
}
export const exportCommand = (): Command =>
  withEngine(new Command('export').description('a job as a document to keep and to apply; secrets are only named'))
    .requiredOption('--job <job>', 'the job, by id or name of its application')
    .option('--out <file>', 'write it to a file')
    .action((options: ExportOptions) => onEngine(options, (connection) => exportJob(connection, options)));

async function exportJob(connection: Connection, { job, out, json }: ExportOptions): Promise<void> {
  const { id } = await findJob(connection, job);
  const document = await connection.send('GET', `/api/jobs/${encodeURIComponent(id)}/configuration`);
  const text = json ? `${JSON.stringify(document, null, 2)}\n` : stringify(document, { lineWidth: 120 });
  if (out === undefined) {
    print(text.trimEnd());
    return;
  }
  try {
    writeFileSync(out, text);
  } catch (error) {
    throw new CommandFailure(`--out ${out} cannot be written: ${String(error)}.`, exitCodes.wrongUsage, {
      cause: error,
    });
  }
}

export interface ApplyOptions extends EngineOptions {
  readonly file?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}
const answer = z.object({
  jobId: z.string().nullable(),
  creates: z.boolean(),
  applied: z.boolean(),
  findings: z.array(finding),
  changes: z.array(change),
});
type Answer = z.output<typeof answer>;
interface Tried {
  readonly document: WrittenDocument;
  readonly answer: Answer;
}

/** Nothing is changed before all documents were found to be right and somebody agreed. */
export async function applyDocuments(connection: Connection, path: string, options: ApplyOptions): Promise<void> {
  const documents = readDocuments(path);
  const tried: Tried[] = [];
  for (const document of documents) tried.push({ document, answer: await send(connection, document, true) });
  const open = tried.filter(({ answer: { creates, changes } }) => creates || changes.length > 0);
  if (!options.json) for (const one of tried) print(summary(one));
  if (open.length === 0 || options.dryRun) {
    done(options, tried);
    return;
  }
  const question = open.length === 1 ? 'Apply this?' : `Apply these ${String(open.length)} documents?`;
  if (!options.yes && !(await confirmed(question))) throw new CommandFailure('Nothing was changed.');
  const ended: Tried[] = [];
  for (const { document } of open) ended.push({ document, answer: await send(connection, document, false) });
  if (!options.json)
    for (const { answer: done } of ended)
      if (done.jobId !== null)
        print(`Job ${done.jobId} is ${done.creates ? "created; start it with 'jobs start'" : 'as its document says'}.`);
  done(
    options,
    tried.map((one) => ended.find(({ document }) => document === one.document) ?? one),
  );
}

function done({ json }: ApplyOptions, tried: readonly Tried[]): void {
  if (json) printJson({ value: tried.map(({ document, answer: given }) => ({ file: document.file, ...given })) });
}

async function send(connection: Connection, document: WrittenDocument, dryRun: boolean): Promise<Answer> {
  const { secrets, ...rest } = document.value;
  const isFilled = typeof secrets === 'object' && secrets !== null;
  const filled = isFilled ? fillIn(secrets as Readonly<Record<string, unknown>>, environmentVariable) : null;
  if (dryRun)
    for (const { key, variable } of filled?.kept ?? [])
      process.stderr.write(`${document.file}: ${variable} is not set; ${key} stays as it is.\n`);
  const configuration = filled === null ? document.value : { ...rest, secrets: filled.secrets };
  const sent = await connection
    .send('POST', '/api/configuration', { configuration, dryRun })
    .catch((error: unknown) => refuse(document, error));
  const given = understand(answer, sent);
  const errors = given.findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    throw new CommandFailure(
      [
        ...errors.map((found) => `${document.placeOf(pathOf(found))}: ${found.message} ${found.remedy}`.trim()),
        nothing,
      ].join('\n'),
    );
  return given;
}
const nothing = 'Nothing was changed.';

/** The engine names the member that is wrong: its line says more. */
function refuse(document: WrittenDocument, error: unknown): never {
  if (!(error instanceof Refusal)) throw error;
  const wrong = error.details.length > 0 ? error.details : [{ target: error.target ?? '', message: error.message }];
  const lines = wrong.map(({ target, message }) => {
    const path = memberOf(document, target.replace(/^configuration\/?/, ''));
    const name = path.length === 0 ? '' : `${path.join('/')}: `;
    return `${document.placeOf(path)}: ${name}${message}`;
  });
  throw new CommandFailure([...lines, nothing].join('\n'), error.exitCode, { cause: error });
}

/** Settings and secrets are refused by their name alone, and what does not exist by its id. */
function memberOf({ value }: WrittenDocument, target: string): readonly string[] {
  const path = target.split('/').filter((step) => step !== '');
  const name = path.at(-1) ?? '';
  const inside = (member: string): boolean => {
    const inner = value[member];
    return typeof inner === 'object' && inner !== null && name in inner;
  };
  const valued = Object.keys(value).find((member) => value[member] === target);
  if (valued !== undefined) return [valued];
  if (target === 'templateId') return ['template'];
  if (path[0] === 'synchronizationJobSettings') return ['settings', name];
  if (path.length === 1 && !(name in value) && inside('secrets')) return ['secrets', name];
  return path;
}

/** Findings tell places in Graph's schema. */
function pathOf({ path, attribute }: z.output<typeof finding>): readonly string[] {
  const [, , mapping] = /^synchronizationRules\[(\d+)\]\.objectMappings\[(\d+)\]/.exec(path) ?? [];
  if (mapping === undefined) return path.startsWith('directories') ? ['schema', 'directories'] : ['mappings'];
  if (path.includes('.scope')) return ['mappings', mapping, 'filter'];
  return ['mappings', mapping, ...(attribute === null ? [] : ['attributes', attribute])];
}

function summary({ document, answer: { jobId, creates, changes, findings } }: Tried): string {
  const what = creates ? 'a new job' : `job ${jobId ?? ''}`;
  const head = `${document.file}: ${what}${changes.length === 0 && !creates ? ' is as it should be' : ''}`;
  if (changes.length === 0 && !creates) return head;
  const lines = renderChangeLines(changes, wantsColour(process.stdout, environmentVariable['NO_COLOR'] !== undefined));
  const warnings = findings.map((found) => `  ! ${document.placeOf(pathOf(found))}: ${found.message} ${found.remedy}`);
  return [head, ...(lines === '' ? [] : [lines]), ...warnings].join('\n');
}
