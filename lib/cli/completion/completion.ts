import { EMPTY, defer } from 'rxjs';
import type { Action, CommandSpec } from '../command.js';
import { UsageError } from '../run/usage-error.js';

/** `rxnetlink completion`: a script for the shell. */
export const action: Action = ({ words: [shell = ''], output, commands }) =>
  defer(() => {
    const write = Object.hasOwn(SHELLS, shell) ? SHELLS[shell as keyof typeof SHELLS] : undefined;
    if (write === undefined) throw new UsageError(`unknown shell ${shell}; expected ${Object.keys(SHELLS).join(', ')}`);
    output.text(write(commands));
    return EMPTY;
  });

/** The writers of scripts, by shell. */
const SHELLS = { bash, zsh, fish } as const;

/** Returns the options of a command, `--json`, without their values, and before them the words that its arguments may be. */
function optionsOf(command: CommandSpec): readonly string[] {
  const { options = [] } = command;
  return [...valuesOf(command), '--help', ...options.map(({ flags }) => /--[\w-]+/.exec(flags)![0])];
}

function valuesOf({ arguments: all = [] }: CommandSpec): readonly string[] {
  return all.flatMap(({ values = [] }) => values);
}

function bash(commands: readonly CommandSpec[]): string {
  const cases = commands.map((command) => `    ${command.name}) words='${optionsOf(command).join(' ')}' ;;\n`).join('');
  return `_rxnetlink() {
  local words='${commands.map(({ name }) => name).join(' ')} --help --version'
  [ "$COMP_CWORD" -gt 1 ] && case "\${COMP_WORDS[1]}" in
${cases}    *) words='' ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _rxnetlink rxnetlink
`;
}

function zsh(commands: readonly CommandSpec[]): string {
  const names = commands.map(({ name, summary }) => `    '${name}:${quoted(summary)}'\n`).join('');
  const cases = commands.map((command) => `    ${command.name}) compadd -- ${optionsOf(command).join(' ')} ;;\n`).join('');
  return `#compdef rxnetlink
_rxnetlink() {
  local -a commands
  commands=(
${names}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case $words[2] in
${cases}  esac
  _files
}
compdef _rxnetlink rxnetlink
`;
}

function fish(commands: readonly CommandSpec[]): string {
  const lines = commands.flatMap((command) => {
    const { name, summary, options = [] } = command;
    const values = valuesOf(command).join(' ');
    return [
      `complete -c rxnetlink -n __fish_use_subcommand -f -a ${name} -d '${quoted(summary)}'`,
      ...(values === '' ? [] : [`complete -c rxnetlink -n '__fish_seen_subcommand_from ${name}' -a '${values}'`]),
      ...options.map(
        ({ flags, text }) =>
          `complete -c rxnetlink -n '__fish_seen_subcommand_from ${name}' -l ${/--([\w-]+)/.exec(flags)![1]!} -d '${quoted(text)}'`,
      ),
    ];
  });
  return `${lines.join('\n')}\n`;
}

/** Returns text for a quoted word of a shell, which has no quotes in it. */
function quoted(text: string): string {
  return text.replaceAll(/['`]/g, '');
}
