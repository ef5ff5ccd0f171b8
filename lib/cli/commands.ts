import type { Action, CommandSpec, OptionSpec } from './command.js';
import { COMPLETION_COMMANDS } from './completion/commands.js';
import { DECODE_COMMANDS } from './decode/commands.js';
import { JSON_OPTION, NETNS_OPTION } from './common-options.js';
import { DASHBOARD_COMMANDS } from './dashboard/commands.js';
import { DOCUMENT_COMMANDS } from './documents/commands.js';
import { EXPORTER_COMMANDS } from './exporter/commands.js';
import { FAMILY_COMMANDS } from './families/commands.js';
import { FLEET_COMMANDS } from './fleet/commands.js';
import type { Closable, Listing } from './listings/listing.js';
import { MONITOR_COMMANDS } from './monitor/commands.js';
import { TOP_COMMANDS } from './top/commands.js';

const LISTING_OPTIONS: readonly OptionSpec[] = [
  JSON_OPTION,
  { flags: '--watch', text: 'keep the table up to date until Ctrl-C; what has changed is marked' },
  NETNS_OPTION,
  { flags: '--all-namespaces', text: 'list the objects of all namespaces that have a name' },
];

/** Returns the action of a listing whose module has been loaded. */
async function listed<T, Net extends Closable>(module: Promise<{ readonly listing: Listing<T, Net> }>): Promise<Action> {
  const [{ runListing }, { listing }] = await Promise.all([import('./listings/run-listing.js'), module]);
  return runListing(listing);
}

/** Returns a command that lists the objects of a table. */
function listing<T, Net extends Closable>(
  name: string,
  { word, ...spec }: Pick<CommandSpec, 'summary' | 'examples'> & { readonly word: string; readonly details?: string },
  load: () => Promise<{ readonly listing: Listing<T, Net> }>,
): CommandSpec {
  return {
    name,
    ...spec,
    arguments: [{ name: 'filter...', text: `properties of the objects as name=value; a word alone is ${word}` }],
    options: LISTING_OPTIONS,
    load: () => listed(load()),
  };
}

/** The commands, in the order of `--help`. */
export const COMMANDS: readonly CommandSpec[] = [
  listing(
    'links',
    {
      word: 'a name',
      summary: 'network interfaces with their addresses',
      details:
        'STATE is `disabled` for a link that is not up (`up=false`), `up`, or what keeps it from working, such as `down` (no carrier) and `lower-layer-down`: `up=true carrier=false`. ' +
        'The filter `state=` takes the words of the kernel, to which a link that is up without a state is `unknown`.',
      examples: [
        { line: 'rxnetlink links', text: 'all links' },
        { line: 'rxnetlink links eth0 --watch', text: 'one link, kept up to date' },
        { line: 'rxnetlink links kind=bridge up=true --json', text: 'bridges that are up, for a program' },
      ],
    },
    () => import('./listings/tables/links.js'),
  ),
  listing(
    'addresses',
    {
      word: 'a link',
      summary: 'IP addresses',
      examples: [{ line: 'rxnetlink addresses eth0 family=6', text: 'the IPv6 addresses of a link' }],
    },
    () => import('./listings/tables/addresses.js'),
  ),
  listing(
    'routes',
    {
      word: 'a destination',
      summary: 'routes of all tables',
      examples: [
        { line: 'rxnetlink routes table=main family=4', text: 'what `ip route` shows' },
        { line: 'rxnetlink routes 10.0.0.0/8', text: 'the routes to one network' },
      ],
    },
    () => import('./listings/tables/routes.js'),
  ),
  listing(
    'rules',
    { word: 'a table', summary: 'rules that choose a routing table', examples: [{ line: 'rxnetlink rules', text: 'all rules' }] },
    () => import('./listings/tables/rules.js'),
  ),
  listing(
    'neighbours',
    {
      word: 'a link',
      summary: 'MAC addresses of IP addresses',
      examples: [{ line: 'rxnetlink neighbours eth0 --watch', text: 'the neighbours of a link, kept up to date' }],
    },
    () => import('./listings/tables/neighbours.js'),
  ),
  listing(
    'fdb',
    {
      word: 'a link',
      summary: 'forwarding tables of bridges and VXLAN devices',
      examples: [{ line: 'rxnetlink fdb bridge=br0', text: 'the entries of one bridge' }],
    },
    () => import('./listings/tables/fdb.js'),
  ),
  listing(
    'qdiscs',
    {
      word: 'a link',
      summary: 'queueing disciplines with their counters',
      examples: [{ line: 'rxnetlink qdiscs eth0 --watch', text: 'sent, dropped and waiting packets of a link, once a second' }],
    },
    () => import('./listings/tables/qdiscs.js'),
  ),
  listing(
    'sockets',
    {
      word: 'a protocol',
      summary: 'sockets with their programs',
      details: 'TCP and UDP, if no protocol is given. Programs of other users are visible to root only.',
      examples: [
        { line: 'rxnetlink sockets tcp state=listen', text: 'who listens' },
        { line: 'rxnetlink sockets local.port=443', text: 'all sockets of a port' },
        { line: "rxnetlink sockets tcp state=established --json | jq '.[].tcp.rtt'", text: 'the round trip times, in milliseconds' },
      ],
    },
    () => import('./listings/tables/sockets.js'),
  ),
  listing(
    'connections',
    {
      word: 'a mark',
      summary: 'tracked connections (needs CAP_NET_ADMIN)',
      examples: [{ line: 'rxnetlink connections --watch', text: 'the connections that pass this machine' }],
    },
    () => import('./listings/tables/connections.js'),
  ),
  listing(
    'firewall',
    {
      word: 'the name of a table',
      summary: 'chains of nftables (needs CAP_NET_ADMIN)',
      examples: [{ line: 'rxnetlink firewall', text: 'all chains, with the number of their rules' }],
    },
    () => import('./listings/tables/firewall.js'),
  ),
  {
    name: 'namespaces',
    summary: 'network namespaces that have a name',
    options: LISTING_OPTIONS.slice(0, 2),
    examples: [{ line: 'rxnetlink namespaces --watch', text: 'the namespaces as they come and go' }],
    load: async () => (await import('./listings/namespaces.js')).action,
  },
  ...MONITOR_COMMANDS,
  ...TOP_COMMANDS,
  ...DASHBOARD_COMMANDS,
  ...EXPORTER_COMMANDS,
  ...FLEET_COMMANDS,
  ...DOCUMENT_COMMANDS,
  ...FAMILY_COMMANDS,
  ...DECODE_COMMANDS,
  ...COMPLETION_COMMANDS,
];
