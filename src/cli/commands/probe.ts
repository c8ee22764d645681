// provisor probe: what an application understands, found out on canary accounts; asks before it makes any.
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { z } from 'zod';
import { findJob, understand } from '../answers.ts';
import type { Connection } from '../connection.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { print, printJson } from '../output.ts';
import { renderTable } from '../table.ts';
import { onEngine, withEngine } from './shared.ts';
import type { EngineOptions } from './shared.ts';

interface ProbeOptions extends EngineOptions {
  readonly job: string;
  readonly yes?: boolean;
}

const report = z.object({
  rows: z.array(z.object({ step: z.string(), result: z.string(), detail: z.string() })),
  found: z.record(z.string(), z.unknown()),
  left: z.array(z.string()),
});

export const probeCommand = (): Command =>
  withEngine(
    new Command('probe')
      .description('find out on canary accounts which forms of SCIM the application of a job understands')
      .requiredOption('--job <job>', 'id of the job, or name of its application')
      .option('--yes', 'make the canary accounts and keep what is found, without asking'),
  ).action((options: ProbeOptions) => onEngine(options, (connection) => probe(connection, options)));

async function probe(connection: Connection, { job: name, yes = false, json }: ProbeOptions): Promise<void> {
  const job = await findJob(connection, name);
  const path = `/api/jobs/${encodeURIComponent(job.id)}/probe`;
  const question = `A few users and a group are created in ${job.displayName ?? job.id} and deleted again. Go on?`;
  if (!(yes || (await agrees(question)))) throw new CommandFailure('Nothing was done: the probe needs your consent.');
  const answer = await connection.send('POST', path, { consent: true });
  const { rows, found, left } = understand(report, answer);
  if (json) printJson(answer);
  else
    print(
      renderTable(
        ['STEP', 'RESULT', { title: 'DETAIL', most: 90 }],
        rows.map((row) => [row.step, row.result, row.detail]),
      ),
    );
  await keep(connection, path, { found, yes, quiet: json === true });
  if (left.length > 0) throw new CommandFailure(`Delete by hand in the application: ${left.join(', ')}.`);
}

async function keep(
  connection: Connection,
  path: string,
  {
    found,
    yes,
    quiet,
  }: { readonly found: Readonly<Record<string, unknown>>; readonly yes: boolean; readonly quiet: boolean },
): Promise<void> {
  const tell = (text: string): void => {
    if (!quiet) print(text);
  };
  if (Object.keys(found).length === 0) {
    tell('The job speaks what the application understands; there is nothing to change.');
    return;
  }
  for (const [knob, value] of Object.entries(found)) tell(`${knob}: ${JSON.stringify(value)}`);
  if (!(yes || (await agrees('Write this to the job?')))) return;
  await connection.send('PUT', path, { found });
  tell('The job speaks it from its next page on.');
}

async function agrees(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new CommandFailure(
      'The probe asks before it writes: run it on a terminal, or with --yes.',
      exitCodes.wrongUsage,
    );
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
