import { join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { CommandSpec } from '../../lib/cli/command.js';
import { COMMANDS } from '../../lib/cli/commands.js';

/** The exit codes, as people look them up. */
const EXIT_CODES: readonly (readonly [number, string])[] = [
  [0, 'success; also when the reader of a pipe ended first'],
  [1, 'the kernel refused something, or something failed'],
  [2, '`plan`: the network differs from the document'],
  [64, 'the command line is wrong'],
  [130, 'Ctrl-C'],
];

const INTRODUCTION =
  'The command shows Linux networking in words, keeps what it shows up to date, asks any netlink family anything, and decodes netlink messages. ' +
  '`npx rxnetlink links` runs it without an installation.';

const GENERAL = [
  'Options may stand before or after arguments. With `--json`, the output is for programs: one JSON value a line. Its JSON Schema is `schemas/command-output.json` of the package: the definition with the name of a command describes the lines of the command, and later versions only add properties. `connections`, `apply`, `reconcile`, `export`, `describe`, `do`, `dump` and `listen` have no definition: they print the events of [apply and reconcile](network/apply.md), a [document](network/documents.md), or what the kernel has.',
  'Colours appear on a terminal only, and not if `NO_COLOR` is set. A failure is one line on standard error.',
];

const synopsis = ({ name, arguments: words = [], options = [] }: CommandSpec): string =>
  [
    'rxnetlink',
    name,
    ...(options.length > 0 ? ['[options]'] : []),
    ...words.map((word) => (word.required === true ? `<${word.name}>` : `[${word.name}]`)),
  ].join(' ');

const sentence = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}.`;

function markdown(): string {
  const sections = COMMANDS.map((command) => {
    const { name, summary, details, arguments: words = [], options = [], examples } = command;
    const rows = [...words.map((word) => [word.name, word.text]), ...options.map(({ flags, text }) => [flags, text])];
    const table =
      rows.length === 0
        ? ''
        : `| | |\n| --- | --- |\n${rows.map(([term, text]) => `| \`${term!}\` | ${text!.replaceAll('|', '\\|')} |`).join('\n')}\n\n`;
    const lines = examples.map(({ line, text }) => `# ${text}\n${line}`).join('\n');
    return `## ${name}\n\n${sentence(summary)}${details === undefined ? '' : ` ${details}`}\n\n\`${synopsis(command)}\`\n\n${table}\`\`\`sh\n${lines}\n\`\`\`\n`;
  });
  const codes = EXIT_CODES.map(([code, text]) => `| ${String(code)} | ${text} |`).join('\n');
  return `# The command rxnetlink\n\n${[INTRODUCTION, ...GENERAL].join('\n\n')}\n\n${sections.join('\n')}\n## Exit codes\n\n| Code | Meaning |\n| --- | --- |\n${codes}\n`;
}

/** Returns text in the macros of man(7), in which a dot or an apostrophe begins a request. */
const roff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('`', '')
    .replaceAll(/^(?=[.'])/gm, '\\&');

function manual(): string {
  const commands = COMMANDS.map((command) => {
    const { summary, details, arguments: words = [], options = [], examples } = command;
    const terms = [...words.map((word) => [word.name, word.text]), ...options.map(({ flags, text }) => [flags, text])];
    return [
      `.SS ${roff(synopsis(command))}`,
      roff(sentence(summary) + (details === undefined ? '' : ` ${details}`)),
      ...terms.flatMap(([term, text]) => ['.TP', `.B ${roff(term!)}`, roff(text!)]),
      ...examples.flatMap(({ line, text }) => ['.PP', roff(sentence(text)), '.PP', '.RS', '.nf', roff(line), '.fi', '.RE']),
    ].join('\n');
  });
  const codes = EXIT_CODES.flatMap(([code, text]) => ['.TP', `.B ${String(code)}`, roff(text)]);
  return `${[
    '.TH RXNETLINK 1',
    '.SH NAME',
    'rxnetlink \\- see, ask and change Linux networking through netlink',
    '.SH SYNOPSIS',
    '.B rxnetlink',
    '.I command',
    '[options] [arguments]',
    '.SH DESCRIPTION',
    ...[INTRODUCTION, ...GENERAL].flatMap((text) => ['.PP', roff(text)]),
    '.SH COMMANDS',
    ...commands,
    '.SH EXIT STATUS',
    ...codes,
    '.SH SEE ALSO',
    '.BR ip (8),',
    '.BR ss (8),',
    '.BR nft (8),',
    '.BR netlink (7)',
  ].join('\n')}\n`;
}

/** Returns the pages by their paths. */
export async function pages(): Promise<Readonly<Record<string, string>>> {
  const options = await resolveConfig(join(resolve(import.meta.dirname, '../..'), 'docs/command.md'));
  return { 'docs/command.md': await format(markdown(), { ...options, parser: 'markdown' }), 'man/rxnetlink.1': manual() };
}
