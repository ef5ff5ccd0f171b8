import type { Namespace } from '../../../../support/namespace.js';
import { NAMES, PROTOCOL } from './model.js';

const MARK = '----';
const links = NAMES.join(' ');

/** Prints what documents of the model describe; the text of each part ends with a line of its own. */
const SCRIPT = [
  'ip -d -j addr',
  `ip -j route show table all proto ${PROTOCOL}`,
  'ip -j rule',
  'ip -j neigh show nud permanent',
  'ip -j nexthop',
  'tc -j -d qdisc show',
  'bridge fdb show dev x0 2>/dev/null',
  `for link in ${links}; do tc class show dev $link 2>/dev/null; done`,
  `for link in ${links}; do for place in root ingress egress; do tc filter show dev $link $place 2>/dev/null; done; done`,
  `for link in ${links}; do cat /proc/sys/net/ipv4/conf/$link/forwarding 2>/dev/null; done`,
  'nft list ruleset',
]
  .map((command) => `${command}; echo; echo ${MARK}`)
  .join('\n');

interface Shown {
  readonly [name: string]: unknown;
  readonly ifname?: string;
  readonly flags?: readonly string[];
  readonly addr_info?: readonly Shown[];
  readonly linkinfo?: { readonly info_kind?: string; readonly info_data?: Shown };
  readonly options?: Shown;
}

const sorted = (lines: readonly unknown[]): readonly string[] =>
  lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).sort();

/** Returns the objects that documents describe, as `ip`, `bridge`, `tc` and `nft` print them. */
export function stateOf(namespace: Namespace): Readonly<Record<string, readonly string[]>> {
  const parts = namespace.run('sh', '-c', `${SCRIPT}\ntrue`).split(`\n${MARK}\n`);
  const [found, routes, rules, neighbours, nexthops, qdiscs] = parts.map((text) =>
    text.trim().startsWith('[') ? (JSON.parse(text) as Shown[]).filter((entry) => Object.keys(entry).length > 0) : [],
  );
  const [fdb, classes, filters, forwarding, ruleset] = parts.slice(6).map((text) => text.split('\n').filter((line) => line !== ''));
  return {
    links: sorted(found!.filter(({ ifname }) => ifname !== 'v1').map(linkOf)),
    routes: sorted(routes!.map(({ dst, gateway, dev, metric, protocol }) => ({ dst, gateway, dev, metric, protocol }))),
    rules: sorted(rules!),
    neighbours: sorted(neighbours!),
    nexthops: sorted(nexthops!.map(({ id, gateway, dev, protocol }) => ({ id, gateway, dev, protocol }))),
    qdiscs: sorted(
      qdiscs!
        .filter(({ handle }) => handle !== '0:')
        .map(({ kind, handle, dev, parent, options }) => ({ kind, handle, dev, parent, options: configured(options) })),
    ),
    fdb: sorted(fdb!.filter((line) => line.includes('dst'))),
    classes: sorted(classes!),
    // The kernel numbers the hash tables of u32 in the order of their creation.
    filters: filters!.map((line) => line.replaceAll(/\b(?:fh|ht) \S+/g, '')),
    forwarding: forwarding!,
    firewall: sorted(partsOf(ruleset!)),
  };
}

function linkOf({ ifname, mtu, master, flags, group, linkinfo, addr_info = [] }: Shown): object {
  const { ageing_time, stp_state, id, mode, port, learning } = linkinfo?.info_data ?? {};
  return {
    ...{ ifname, mtu, master, group, kind: linkinfo?.info_kind, ageing_time, stp_state, id, mode, port, learning },
    up: flags?.includes('UP'),
    addresses: sorted(addr_info.map(({ local, prefixlen }) => ({ local, prefixlen }))),
  };
}

function configured({ direct_packets_stat: _packets, ...options }: Shown = {}): object {
  return options;
}

/** Returns the chains, sets and other objects of tables: the kernel lists tables and objects in the order of their creation. */
function partsOf(ruleset: readonly string[]): readonly string[] {
  const parts: string[][] = [];
  let table = '';
  for (const line of ruleset) {
    if (line.startsWith('table ')) table = line;
    if (/^(?:table |\t[a-z])/.test(line)) parts.push([table]);
    // A rule that takes the place of another one keeps its counts, and a set the size that it got when a rule filled it.
    if (!line.includes('size 65535')) parts.at(-1)!.push(line.replaceAll(/counter packets \d+ bytes \d+/g, 'counter'));
  }
  return parts.map((lines) => lines.join('\n'));
}
