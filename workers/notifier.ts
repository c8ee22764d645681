// The notifier: sends mail and webhooks about jobs. One is enough; several share the work.
import { runCommand } from '../src/cli/run-command.ts';

process.exitCode = await runCommand(['notifier']);
