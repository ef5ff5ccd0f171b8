import type { CommandSpec } from '../command.js';

/** The command that writes the completion of a shell. */
export const COMPLETION_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'completion',
    summary: 'a script that completes commands and options in a shell',
    arguments: [{ name: 'shell', required: true, text: 'bash, zsh or fish' }],
    examples: [
      { line: 'source <(rxnetlink completion bash)', text: 'in ~/.bashrc' },
      { line: 'rxnetlink completion fish > ~/.config/fish/completions/rxnetlink.fish', text: 'for fish' },
    ],
    load: async () => (await import('./completion.js')).action,
  },
];
