import type { ArgumentSpec, CommandSpec, OptionSpec } from '../command.js';
import { JSON_OPTION, NETNS_OPTION } from '../common-options.js';

const SPEC_OPTION: OptionSpec = {
  flags: '--spec <file>',
  text: 'describe the family by a YAML file of the kernel (YNL); needs the package yaml',
};
const FAMILY: ArgumentSpec = {
  name: 'family',
  required: true,
  text: 'a name of `rxnetlink families`, or of a generic family of this kernel',
};
const OPERATION: ArgumentSpec = { name: 'operation', required: true, text: 'a name of `rxnetlink describe`' };
const REQUEST: ArgumentSpec = {
  name: 'request...',
  text: 'attributes as name=value, nested ones as a.b=value, bytes as 0x and digits; or JSON',
};

/** The flags of a request that writes an object (NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE, NLM_F_APPEND). */
const FLAG_OPTIONS: readonly OptionSpec[] = [
  { flags: '--create', text: 'create the object if it does not exist' },
  { flags: '--exclusive', text: 'fail if it exists' },
  { flags: '--replace', text: 'replace it if it exists' },
  { flags: '--append', text: 'put it behind those that exist' },
];

/** The commands for single families: what they can do, and any operation by its name. */
export const FAMILY_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'families',
    summary: 'netlink families: those with types, and those of this kernel',
    options: [JSON_OPTION, NETNS_OPTION],
    examples: [{ line: 'rxnetlink families', text: 'all families' }],
    load: async () => (await import('./list-families.js')).action,
  },
  {
    name: 'describe',
    summary: 'operations, attributes and groups of a family',
    details:
      'A generic family without a description is described by the policies of the running kernel, which has numbers instead of names.',
    arguments: [FAMILY, { name: 'operation', text: 'show the attributes of one operation' }],
    options: [JSON_OPTION, NETNS_OPTION, SPEC_OPTION],
    examples: [
      { line: 'rxnetlink describe rt-link', text: 'the operations and groups of a family' },
      { line: 'rxnetlink describe rt-link newlink', text: 'the attributes of one operation' },
      { line: 'rxnetlink describe TASKSTATS', text: 'a family by the policies of the kernel' },
    ],
    load: async () => (await import('./describe.js')).action,
  },
  {
    name: 'do',
    summary: 'run an operation of a family, and print its reply',
    arguments: [FAMILY, OPERATION, REQUEST],
    options: [JSON_OPTION, NETNS_OPTION, SPEC_OPTION, ...FLAG_OPTIONS],
    examples: [
      { line: 'rxnetlink do rt-link getlink ifname=lo', text: 'one link, with all attributes' },
      { line: 'rxnetlink do rt-route getroute dst=10.0.0.1', text: 'the route of a packet, which `ip route get` shows' },
      { line: 'rxnetlink do nlctrl getfamily familyName=ethtool', text: 'a generic family' },
      { line: 'rxnetlink do rt-link newlink ifname=br7 linkinfo.kind=bridge --create --exclusive', text: 'a new link' },
      { line: 'rxnetlink do ethtool channels-get \'{"header":{"devName":"eth0"}}\'', text: 'a request as JSON' },
    ],
    load: async () => (await import('./run-operation.js')).doAction,
  },
  {
    name: 'dump',
    summary: 'read all objects of an operation',
    arguments: [FAMILY, OPERATION, REQUEST],
    options: [JSON_OPTION, NETNS_OPTION, SPEC_OPTION],
    examples: [
      { line: 'rxnetlink dump rt-addr getaddr --json', text: 'all addresses, one JSON object a line' },
      { line: 'rxnetlink dump netdev dev-get', text: 'a generic family' },
    ],
    load: async () => (await import('./run-operation.js')).dumpAction,
  },
  {
    name: 'listen',
    summary: 'print the notifications of a family until Ctrl-C',
    arguments: [FAMILY, { name: 'group...', text: 'the groups; all of the family if none is given' }],
    options: [JSON_OPTION, NETNS_OPTION, SPEC_OPTION],
    examples: [
      { line: 'rxnetlink listen rt-link', text: 'changes of links' },
      { line: 'rxnetlink listen nlctrl notify', text: 'generic families that appear and disappear' },
    ],
    load: async () => (await import('./listen.js')).action,
  },
];
