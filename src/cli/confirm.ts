// Asks a person before something is changed. Without a terminal there is nobody to ask: then --yes must say it.
import { createInterface } from 'node:readline/promises';
import { CommandFailure, exitCodes } from './failure.ts';

/** Throws CommandFailure when nobody can be asked. */
export async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new CommandFailure(
      'Nothing was changed: nobody can be asked here. Add --yes to go on.',
      exitCodes.wrongUsage,
    );
  const line = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await line.question(`${question} [y/N] `)).trim());
  } finally {
    line.close();
  }
}
