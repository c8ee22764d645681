// provisor jobs run: asks for a cycle and, with --wait, shows it until its end.
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { cycle, findJob, understand } from '../answers.ts';
import type { CycleAnswer } from '../answers.ts';
import type { Connection } from '../connection.ts';
import { CommandFailure } from '../failure.ts';
import { print, printJson } from '../output.ts';
import { clearProgress, drawProgress } from '../progress.ts';
import { progressMeter } from '../progress-meter.ts';
import { renderCounts } from '../counts.ts';
import type { EngineOptions } from './shared.ts';

export interface RunOptions extends EngineOptions {
  readonly type: string;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
}

const POLL_MS = 300;
const opened = z.object({ id: z.string() });

export async function runJob(connection: Connection, name: string, options: RunOptions): Promise<void> {
  const found = await findJob(connection, name);
  const answer = await connection.send('POST', `/api/jobs/${encodeURIComponent(found.id)}/cycles`, {
    type: options.type,
    dryRun: options.dryRun ?? false,
  });
  const { id } = understand(opened, answer);
  if (!options.wait) {
    if (options.json) printJson(answer);
    else print(`Cycle ${id} is queued. Follow it with 'jobs show ${found.id}', or wait for it with --wait.`);
    return;
  }
  const ended = await waitFor(connection, id, found.displayName ?? found.id);
  if (options.json) printJson(ended);
  else print(renderCounts([{ name: found.displayName ?? found.id, ...ended }]));
  refuseUnlessDone(ended);
}

async function waitFor(connection: Connection, id: string, name: string): Promise<CycleAnswer> {
  const pace = progressMeter();
  try {
    for (;;) {
      const seen = understand(cycle, await connection.send('GET', `/api/cycles/${encodeURIComponent(id)}`));
      const { phase, state } = seen;
      const { done, total } = seen.progress;
      drawProgress(process.stderr, [{ name, phase, state, done, total, ...pace(done, total, Date.now()) }]);
      if (state !== 'queued' && state !== 'running') return seen;
      await sleep(POLL_MS);
    }
  } finally {
    clearProgress(process.stderr);
  }
}

function refuseUnlessDone({ id, state, error }: CycleAnswer): void {
  if (state === 'failed')
    throw new CommandFailure(`Cycle ${id} failed: ${error?.message ?? 'the log of the engine says why'}`);
  if (state === 'stopped')
    throw new CommandFailure(`Cycle ${id} was stopped before its end. Run it again when the job may run.`);
}
