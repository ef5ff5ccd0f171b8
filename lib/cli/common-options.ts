import type { OptionSpec } from './command.js';

/** JSON instead of text. */
export const JSON_OPTION: OptionSpec = { flags: '--json', text: 'print JSON for programs' };

/** Another namespace. */
export const NETNS_OPTION: OptionSpec = {
  flags: '--netns <namespace>',
  text: 'work in another network namespace: a name of `ip netns`, or a path',
};
