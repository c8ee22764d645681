// provisor completion: the script for a shell; and `complete`, which that script asks.
import { Argument, Command } from 'commander';
import { jobList, understand } from '../answers.ts';
import { candidates, completionScript, shells } from '../completion.ts';
import type { Shell } from '../completion.ts';
import { connect } from '../connection.ts';
import { print } from '../output.ts';

export const completionCommand = (): Command =>
  new Command('completion')
    .description('completion for a shell, e.g. source <(provisor completion bash)')
    .addArgument(new Argument('<shell>', 'which one').choices(shells))
    .option('--json', 'print it as data')
    .action((shell: Shell, { json }: { readonly json?: boolean }) => {
      const script = completionScript(shell, 'provisor');
      print(json ? JSON.stringify({ shell, script }) : script);
    });

/** Hidden: only scripts ask it. */
export const completeCommand = (program: Command): Command =>
  new Command('complete')
    .description('what completes the words typed so far')
    .argument('[words...]', 'the words, the last one unfinished')
    .allowUnknownOption()
    .action(async (words: readonly string[]) => {
      const found = candidates(program, words.length === 0 ? [''] : words);
      const lines = found === 'jobs' ? await jobNames(words.at(-1) ?? '') : found;
      if (lines.length > 0) print(lines.join('\n'));
    });

/** None where no engine answers: completion never complains. */
async function jobNames(typed: string): Promise<readonly string[]> {
  try {
    const connection = connect(undefined);
    try {
      const { value } = understand(jobList, await connection.send('GET', '/api/jobs'));
      const names = value.map(({ displayName, id }) => displayName ?? id);
      return names.filter((name) => name.toLowerCase().startsWith(typed.toLowerCase()));
    } finally {
      await connection.close();
    }
  } catch {
    return [];
  }
}
