// Completion for shells, from the tree of commands: the script asks `provisor complete` with the words typed so far.
import type { Command } from 'commander';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** What completes the last of `words`; `'jobs'` where names of jobs do. */
export function candidates(program: Command, words: readonly string[]): readonly string[] | 'jobs' {
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const { command, given } = walk(program, before);
  const option = optionBefore(command, before.at(-1));
  if (option !== null) return option === '--job' ? 'jobs' : (choicesOf(command, option) ?? []);
  if (typed.startsWith('-')) return fitting(optionsOf(command), typed);
  const names = command.commands.map((each) => each.name());
  if (names.length > 0) return fitting(names, typed);
  const argument = command.registeredArguments[given];
  if (argument?.name() === 'job') return 'jobs';
  return fitting(argument?.argChoices ?? [], typed);
}

/** The command that the words lead to, and how many of its arguments are there. */
function walk(program: Command, words: readonly string[]): { readonly command: Command; readonly given: number } {
  let command = program;
  let given = 0;
  words.forEach((word, index) => {
    const below = command.commands.find((each) => each.name() === word);
    if (below !== undefined) {
      command = below;
      given = 0;
    } else if (!word.startsWith('-') && optionBefore(command, words[index - 1]) === null) given += 1;
  });
  return { command, given };
}

/** The option that waits for its value. */
function optionBefore(command: Command, word: string | undefined): string | null {
  const option = command.options.find(({ long, short }) => word !== undefined && (long === word || short === word));
  return option !== undefined && (option.required || option.optional) ? (option.long ?? null) : null;
}

const choicesOf = (command: Command, long: string): readonly string[] | undefined =>
  command.options.find((option) => option.long === long)?.argChoices;
const optionsOf = (command: Command): readonly string[] => [
  ...command.options.flatMap(({ long }) => long ?? []),
  '--help',
];
const fitting = (names: readonly string[], typed: string): readonly string[] =>
  names.filter((name) => name.startsWith(typed));

export function completionScript(shell: Shell, name: string): string {
  return scripts[shell](name);
}

const scripts: Readonly<Record<Shell, (name: string) => string>> = {
  bash: (name) => `# ${name} completion for bash: source <(${name} completion bash)
_${name}_complete() {
  local IFS=$'\\n'
  local words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  COMPREPLY=()
  while read -r line; do
    [[ "$line" == "\${COMP_WORDS[COMP_CWORD]}"* ]] && COMPREPLY+=("$(printf '%q' "$line")")
  done < <(${name} complete -- "\${words[@]}" 2>/dev/null)
}
complete -o default -F _${name}_complete ${name}`,
  zsh: (name) => `#compdef ${name}
# ${name} completion for zsh: source <(${name} completion zsh)
_${name}_complete() {
  local -a found
  found=("\${(@f)$(${name} complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -a found
}
compdef _${name}_complete ${name}`,
  fish: (name) => `# ${name} completion for fish: ${name} completion fish | source
function __${name}_complete
    set -l words (commandline -opc) (commandline -ct)
    ${name} complete -- $words[2..-1] 2>/dev/null
end
complete -c ${name} -f -a '(__${name}_complete)'`,
};
