// A cycle worker: processes pages and advances cycles. Start as many as the load needs.
import { runCommand } from '../src/cli/run-command.ts';

process.exitCode = await runCommand(['worker']);
