// What the schema commands share: the job option, the question before something is saved, and how a refusal is shown.
import type { Command } from 'commander';
import type { SchemaFinding } from '../../rules/model/schema.ts';
import type { SchemaChange } from '../../rules/schema/diff-schema.ts';
import { renderChanges } from '../changes.ts';
import { confirmed } from '../confirm.ts';
import { CommandFailure } from '../failure.ts';
import { renderFindings } from '../findings.ts';
import { print, printJson } from '../output.ts';
import { withEngine } from './shared.ts';
import type { EngineOptions } from './shared.ts';

export interface JobOptions extends EngineOptions {
  readonly job: string;
}

export interface PutOptions extends JobOptions {
  readonly yes?: boolean;
}

export const ofJob = (command: Command): Command =>
  withEngine(command).requiredOption('--job <job>', 'the job, by id or name of its application');

export const savedText = 'The schema is saved. The next cycle evaluates every object with it.';

/** Shows what changes, and goes on when somebody says yes. */
export async function agreeTo(
  changes: readonly SchemaChange[],
  { json, yes }: PutOptions,
  question: string,
): Promise<void> {
  if (!json) print(renderChanges(changes));
  if (yes || (await confirmed(question))) return;
  throw new CommandFailure('Nothing was saved.');
}

export const hasErrors = (findings: readonly SchemaFinding[]): boolean =>
  findings.some(({ severity }) => severity === 'error');

export function refuse(findings: readonly SchemaFinding[], document: unknown, options: EngineOptions): never {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  report(options, { findings }, renderFindings(findings, document));
  throw new CommandFailure(
    `The schema is refused: ${String(errors)} ${errors === 1 ? 'error' : 'errors'}. Nothing was saved.`,
  );
}

export function report({ json }: EngineOptions, data: unknown, text: string): void {
  if (json) printJson(data);
  else print(text);
}
