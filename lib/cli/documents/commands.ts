import type { ArgumentSpec, CommandSpec } from '../command.js';
import { JSON_OPTION, NETNS_OPTION } from '../common-options.js';
import { EXPORT_TABLES } from './export-tables.js';

const FILE: ArgumentSpec = {
  name: 'file',
  required: true,
  text: 'a document in JSON, or in YAML if the package yaml is installed; - is the standard input',
};

/** The commands for documents of the desired state. */
export const DOCUMENT_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'plan',
    summary: 'how the network differs from a document; exits with 2 if it does',
    arguments: [FILE],
    options: [JSON_OPTION, NETNS_OPTION],
    examples: [{ line: 'rxnetlink plan router.json', text: 'what `apply` would change' }],
    load: async () => (await import('./plan.js')).action,
  },
  {
    name: 'apply',
    summary: 'make the network as a document describes it',
    details: 'What was changed is verified. After a failure, or Ctrl-C, everything is as it was before.',
    arguments: [FILE],
    options: [
      JSON_OPTION,
      NETNS_OPTION,
      { flags: '--confirm <time>', text: 'take everything back unless Enter is pressed within this time: 30s' },
      { flags: '--keep-going', text: 'write what can be written, and take nothing back' },
    ],
    examples: [
      { line: 'rxnetlink apply router.json', text: 'change what differs' },
      { line: 'rxnetlink apply router.json --confirm 30s', text: 'safe for a machine that is reached through this network' },
    ],
    endsItself: true,
    load: async () => (await import('./apply.js')).action,
  },
  {
    name: 'export',
    summary: 'the network as a document',
    details: 'Without CAP_NET_ADMIN it has no firewall, and a line on standard error states so.',
    options: [
      NETNS_OPTION,
      {
        flags: '--only <tables>',
        text: `${EXPORT_TABLES.join(', ')}; separated by commas`,
      },
    ],
    examples: [{ line: 'rxnetlink export --only links,addresses,routes > host.json', text: 'a part of this host' }],
    load: async () => (await import('./export.js')).action,
  },
  {
    name: 'reconcile',
    summary: 'keep the network as a document describes it, until Ctrl-C',
    arguments: [FILE],
    options: [JSON_OPTION, NETNS_OPTION],
    examples: [{ line: 'rxnetlink reconcile router.json', text: 'repair what other programs change' }],
    load: async () => (await import('./reconcile.js')).action,
  },
];
