/**
 * The pages of the site, by group, in the order of the sidebar. A page of docs/ that no group names fails the build.
 *
 * `from` is a file of the repository, `to` its path on the site without `.md`, `text` its name in the sidebar.
 */
const page = (to, text, from = `docs/${to}.md`) => ({ to, text, from });

export const GUIDE = [
  {
    text: 'Start',
    items: [
      page('first-steps', 'First steps'),
      page('install', 'Installing'),
      page('rxjs', 'RxJS in ten minutes'),
      page('questions', 'Questions'),
      page('how-it-works', 'How netlink works'),
    ],
  },
  {
    text: 'The network in words',
    items: [
      page('network', 'From ip to code'),
      page('network/programs', 'Twelve programs'),
      page('network/traffic', 'Traffic control'),
      page('network/sockets', 'Sockets'),
      page('network/wireguard', 'WireGuard'),
      page('namespaces', 'Network namespaces'),
      page('network/errors', 'Errors and their reasons'),
      page('network/beside-others', 'Beside other libraries'),
    ],
  },
  {
    text: 'Desired state',
    items: [
      page('network/documents', 'Documents'),
      page('network/reference', 'Reference of documents'),
      page('network/apply', 'Apply and take back'),
      page('network/firewall', 'Firewall'),
      page('network/export', 'Export'),
      page('network/router', 'A router in one document'),
      page('network/desired-state', 'Beside nmstate and netplan'),
    ],
  },
  {
    text: 'Cookbook',
    items: [
      page('cookbook', 'All programs'),
      page('cookbook/containers', 'Containers'),
      page('cookbook/routing', 'Routing'),
      page('cookbook/bridges', 'Bridges and overlays'),
      page('cookbook/firewall', 'Firewall'),
      page('cookbook/packets', 'Packets and connections'),
      page('cookbook/traffic', 'Traffic'),
      page('cookbook/uplinks', 'Uplinks that fail'),
      page('cookbook/desired-state', 'The state of a host'),
      page('cookbook/watching', 'Watching a machine'),
      page('cookbook/processes', 'Processes'),
      page('cookbook/cards', 'Cards and Wi-Fi'),
      page('cookbook/tunnels', 'Tunnels and paths'),
      page('cookbook/serving', 'Pages and metrics'),
    ],
  },
  {
    text: 'Every kernel family',
    items: [
      page('using-families', 'Using families'),
      page('families-guide', 'Recipes'),
      page('families', 'List of families'),
      page('operations', 'All operations'),
      page('live', 'Live collections'),
      page('sockets', 'Raw netlink sockets'),
      page('numbers', 'Numbers and constants'),
    ],
  },
  {
    text: 'In production',
    items: [
      page('errors', 'Errors from A to Z'),
      page('reliability', 'When things go wrong'),
      page('capabilities', 'Capabilities'),
      page('security', 'Security'),
      page('threads', 'Threads and the event loop'),
      page('testing', 'Testing without root'),
      page('benchmark', 'What it costs'),
      page('runtimes', 'Runtimes and kernels'),
      page('bundlers', 'Bundlers'),
    ],
  },
  {
    text: 'At a shell',
    items: [
      page('command', 'The command rxnetlink'),
      page('dashboard', 'The dashboard'),
      page('exporter', 'Metrics for Prometheus'),
      page('fleet', 'A fleet of hosts'),
    ],
  },
  {
    text: 'Coming from',
    items: [
      page('parity', "Go's mdlayher/netlink"),
      page('from-python', "Python's pyroute2"),
      page('from-npm-netlink', "npm's netlink"),
      page('changelog', 'Changelog', 'CHANGELOG.md'),
    ],
  },
];

/** The pages for people who work on the library, before those of docs/contributing/. */
export const CONTRIBUTING = [
  page('contributing/start', 'The loop of a change', 'CONTRIBUTING.md'),
  page('contributing/architecture', 'Architecture', 'ARCHITECTURE.md'),
  page('contributing/security-reports', 'Reporting a vulnerability', 'SECURITY.md'),
];
