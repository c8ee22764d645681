// The command line as a whole. Wrong usage and help are thrown as CommanderError; main.ts turns them into exit codes.
import { Command } from 'commander';
import { settingsTable } from '../../config/settings.ts';
import { applyCommand } from './commands/apply.ts';
import { exportCommand } from './commands/configuration.ts';
import { completeCommand, completionCommand } from './commands/completion.ts';
import { deletionsCommand } from './commands/deletions.ts';
import { engineCommands } from './commands/engine.ts';
import { escrowsCommand } from './commands/escrows.ts';
import { expressionCommand } from './commands/expression.ts';
import { jobsCommand } from './commands/jobs.ts';
import { logsCommand } from './commands/logs.ts';
import { mockEntraCommand } from './commands/mock-entra.ts';
import { notificationsCommand } from './commands/notifications.ts';
import { provisionCommand } from './commands/provision.ts';
import { probeCommand } from './commands/probe.ts';
import { schemaCommand } from './commands/schema.ts';
import { simulateCommand } from './commands/simulate.ts';
import { tokensCommand } from './commands/tokens.ts';
import { renderTable } from './table.ts';

/** `finish` is told the exit code of a command that decides it by itself. */
export function buildProgram(version: string, finish: (exitCode: number) => void): Command {
  const program = new Command('provisor')
    .description('Provisions users and groups of Microsoft Entra to applications over SCIM.')
    .version(version)
    .addHelpText('after', () => `\nSettings (environment):\n${settingsHelp()}`);
  const commands = [
    ...engineCommands(finish),
    jobsCommand(),
    provisionCommand(),
    schemaCommand(),
    exportCommand(),
    applyCommand(),
    expressionCommand(),
    escrowsCommand(),
    logsCommand(),
    deletionsCommand(),
    tokensCommand(),
    notificationsCommand(),
    probeCommand(),
    mockEntraCommand(),
    simulateCommand(),
    completionCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  program.addCommand(completeCommand(program), { hidden: true });
  for (const command of [program, ...below(program)])
    command.exitOverride().showHelpAfterError(`(see 'provisor ${pathOf(command)}--help')`);
  return program;
}

const below = (command: Command): readonly Command[] => command.commands.flatMap((each) => [each, ...below(each)]);
const pathOf = (command: Command): string =>
  command.parent === null ? '' : `${pathOf(command.parent)}${command.name()} `;

const settingsHelp = (): string =>
  renderTable(
    ['  NAME', 'DEFAULT', 'MEANING'],
    Object.entries(settingsTable).map(([name, setting]) => [`  ${name}`, setting.default, setting.description]),
  );
