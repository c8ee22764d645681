// Runs one command and turns its end into an exit code: 0 done, 1 failed, 2 wrong usage.
import { VERSION } from '../app/version.ts';
import { endingOf, exitCodes } from './failure.ts';
import { buildProgram } from './program.ts';

export async function runCommand(args: readonly string[]): Promise<number> {
  process.stdout.on('error', endQuietly);
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

/** Who reads the output may stop reading (`| head`): that is no failure of the command. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.done);
}
