// The API process: control plane and operations API over http and https.
import { runCommand } from '../src/cli/run-command.ts';

process.exitCode = await runCommand(['api']);
