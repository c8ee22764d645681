// What the commands that talk to a running engine share.
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { connect } from '../connection.ts';
import type { Connection } from '../connection.ts';

export interface EngineOptions {
  readonly url?: string;
  readonly json?: boolean;
}

export const withEngine = (command: Command): Command =>
  command
    .option('--url <url>', 'where the engine answers (default: from HOST and PORT)')
    .option('--json', 'print the raw answer');

/** Runs `work` on a connection that is closed afterwards. */
export async function onEngine(options: EngineOptions, work: (connection: Connection) => Promise<void>): Promise<void> {
  const connection = connect(options.url);
  try {
    await work(connection);
  } finally {
    await connection.close();
  }
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

export function countFromOne(text: string): number {
  const count = wholeNumber(text);
  if (count === 0) throw new InvalidArgumentError('It must be at least 1.');
  return count;
}

export function portNumber(text: string): number {
  const port = wholeNumber(text);
  if (port > 65_535) throw new InvalidArgumentError('It must be at most 65535.');
  return port;
}
