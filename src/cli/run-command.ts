// Runs one command and turns its end into an exit code: 0 done, 1 failed, 2 wrong usage.
import { VERSION } from '../app/version.ts';
import { endingOf } from './failure.ts';
import { buildProgram } from './program.ts';

export async function runCommand(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  try {
    await buildProgram(VERSION, (code) => (exitCode = code)).parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    const ending = endingOf(error);
    if (ending.say !== null) process.stderr.write(`${ending.say}\n`);
    return ending.exitCode;
  }
}
