// The scheduler: starts each job's cycle when it is due, and asks for unfinished cycles again.
import { runCommand } from '../src/cli/run-command.ts';

process.exitCode = await runCommand(['scheduler']);
