// provisor apply: a document of jobs (-f), or a plan that was saved; the content tells which.
import { Command } from 'commander';
import { CommandFailure, exitCodes } from '../failure.ts';
import { applyDocuments } from './configuration.ts';
import type { ApplyOptions } from './configuration.ts';
import { onEngine, withEngine } from './shared.ts';

export const applyCommand = (): Command =>
  withEngine(new Command('apply').description('bring jobs to what documents say'))
    .argument('[file]', 'a document; - reads standard input')
    .option('-f, --file <path>', 'a document, or a directory of them')
    .option('--yes', 'change without asking')
    .option('--dry-run', 'show what would change, and change nothing')
    .action((file: string | undefined, options: ApplyOptions) => {
      const path = options.file ?? file;
      if (path === undefined || (file !== undefined && options.file !== undefined))
        throw new CommandFailure('Give one file or directory, as in: apply -f job.yaml.', exitCodes.wrongUsage);
      return onEngine(options, (connection) => applyDocuments(connection, path, options));
    });
