import { Command, CommanderError, Option } from 'commander';
import type { CommandSpec } from './command.js';
import { COMMANDS } from './commands.js';
import type { Output } from './output/output.js';
import { reportFailure } from './run/report-failure.js';
import { ExitCode } from './run/exit-code.js';
import { meantOption, meantTable } from './run/other-words.js';
import { UsageError } from './run/usage-error.js';

/** The codes of commander's errors that report no fault: `--help` and `--version` also end a program. */
const NO_FAULT: ReadonlySet<string> = new Set(['commander.helpDisplayed', 'commander.help', 'commander.version']);

/** Reads a command line without the first two words of `process.argv`, runs the command, and returns the exit code. */
export async function runProgram(argv: readonly string[], version: string, output: Output): Promise<ExitCode> {
  let code: ExitCode = ExitCode.Success;
  const program = createProgram(version, output, async (spec, words, options) => {
    // RxJS is loaded here: `--help` and `--version` need none of it.
    const { runAction } = await import('./run/run-action.js');
    code = await runAction(spec, { words, options, output, commands: COMMANDS });
  });
  if (argv.length === 0) {
    output.text(program.helpInformation());
    return ExitCode.Success;
  }
  try {
    await program.parseAsync(optionsBehind(argv), { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportFailure(output, error);
    if (NO_FAULT.has(error.code) && error.exitCode === 0) return ExitCode.Success;
    return reportFailure(output, new UsageError(`${textOf(error, argv)}; see rxnetlink ${helpOf(optionsBehind(argv))}`));
  }
}

/** Returns the words that print the help for a command line: that of its command, if it has one. */
function helpOf([command]: readonly string[]): string {
  return COMMANDS.some(({ name }) => name === command) ? `${command!} --help` : '--help';
}

/** Flags of options that have a value: `--netns <namespace>`. */
const WITH_VALUE: ReadonlySet<string> = new Set(
  COMMANDS.flatMap(({ options = [] }) =>
    options.flatMap(({ flags }) => (flags.includes('<') ? (flags.match(/--?[\w-]+(?=[ ,])/g) ?? []) : [])),
  ),
);

/** Returns a command line whose options stand behind the command, where the parser knows them: `--netns blue links` is `links --netns blue`. */
function optionsBehind(argv: readonly string[]): readonly string[] {
  let at = 0;
  while (argv[at]?.startsWith('-') === true && argv[at] !== '--') at += WITH_VALUE.has(argv[at]!) ? 2 : 1;
  const command = argv[at];
  if (at === 0 || command === undefined || !COMMANDS.some(({ name }) => name === command)) return argv;
  return [command, ...argv.slice(0, at), ...argv.slice(at + 1)];
}

/** Returns the text of an error of commander; it has none for `help` of an unknown command. */
function textOf({ code, message }: CommanderError, argv: readonly string[]): string {
  if (code === 'commander.help') return `unknown command '${argv.at(-1)!}'${hintOf(code, argv.at(-1)!, argv)}`;
  const text = message.replace(/^error: /, '').replace('\n(Did', ' (did');
  const word = /^unknown \w+ '(.*)'$/s.exec(text)?.[1];
  return word === undefined ? text : text + hintOf(code, word, argv);
}

/** Returns the question whether another name is meant by a word that is similar to none: `addr`, `--namespace`. */
function hintOf(code: string, word: string, argv: readonly string[]): string {
  const [command] = optionsBehind(argv);
  const asked = COMMANDS.filter(({ name }) => name === command);
  const flags = (asked.length === 0 ? COMMANDS : asked).flatMap(({ options = [] }) => options.map((option) => option.flags));
  const names = COMMANDS.map(({ name }) => name);
  const meant = code === 'commander.unknownOption' ? meantOption(word, flags) : meantTable(word, names);
  return meant === undefined ? '' : ` (did you mean ${meant}?)`;
}

/** Runs a command that the command line names. */
type Run = (spec: CommandSpec, words: readonly string[], options: Readonly<Record<string, unknown>>) => Promise<void>;

/** Returns commander's description of all commands. */
export function createProgram(version: string, output: Output, run: Run): Command {
  const program = new Command('rxnetlink')
    .description('See, ask and change Linux networking through netlink.')
    .version(version, '--version', 'print the version')
    .helpOption('--help', 'show this text')
    .helpCommand('help [command]', 'show the help of a command')
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        output.text(text);
      },
      // The error is also thrown: it is printed in one place.
      writeErr: () => undefined,
      getOutHasColors: () => output.isTerminal,
    });
  for (const spec of COMMANDS) program.addCommand(createCommand(spec, program, run));
  return program;
}

function createCommand(spec: CommandSpec, program: Command, run: Run): Command {
  const command = new Command(spec.name).copyInheritedSettings(program).summary(spec.summary);
  command.description([`${spec.summary[0]!.toUpperCase()}${spec.summary.slice(1)}.`, spec.details].filter(Boolean).join('\n'));
  command.helpOption('--help', 'show this text');
  for (const { name, required, text } of spec.arguments ?? []) command.argument(required === true ? `<${name}>` : `[${name}]`, text);
  for (const { flags, text } of spec.options ?? []) command.addOption(new Option(flags, text));
  command.addHelpText('after', examplesText(spec));
  return command.action(async () => {
    await run(spec, command.args, command.opts());
  });
}

function examplesText({ examples }: CommandSpec): string {
  const width = Math.max(...examples.map(({ line }) => line.length));
  return [
    '',
    examples.length === 1 ? 'Example:' : 'Examples:',
    ...examples.map(({ line, text }) => `  ${line.padEnd(width)}  ${text}`),
  ].join('\n');
}
