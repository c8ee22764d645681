// Entry point of the command line: runs one command and turns its end into an exit code.
import { VERSION } from '../app/version.ts';
import { endingOf } from './failure.ts';
import { buildProgram } from './program.ts';

async function main(args: readonly string[]): Promise<number> {
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

process.exitCode = await main(process.argv.slice(2));
