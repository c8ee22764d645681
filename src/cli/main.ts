// Entry point of the command line.
import { runCommand } from './run-command.ts';

process.exitCode = await runCommand(process.argv.slice(2));
