import type { Namespace } from '../../../support/namespace.js';
import { MAY_LACK, shown } from '../support.js';

type Entry = Readonly<Record<string, unknown>>;

/** Values that the kernel counts or chooses, and states that follow later than the configuration. */
const VOLATILE: ReadonlySet<string> = new Set([
  ...['ifindex', 'link_index', 'operstate', 'promiscuity', 'link_netnsid', 'refcnt', 'direct_packets_stat', 'stats', 'cacheinfo'],
  ...['hello_timer', 'tcn_timer', 'topology_change_timer', 'gc_timer', 'message_age_timer', 'forward_delay_timer', 'hold_timer'],
  // The address that the kernel drew for a link without hardware.
  'perm_hwaddr',
  // A bridge without ports gets its identifier with its first port, or with a MAC address.
  ...['bridge_id', 'root_id', 'id', 'no', 'designated_port', 'topology_change', 'topology_change_detected', 'config_pending'],
]);

/** Flags of a link or of a way that follow the carrier. */
const OF_CARRIER: readonly unknown[] = ['LOWER_UP', 'NO-CARRIER', 'M-DOWN', 'linkdown', 'dead'];

/** The lines whose output describes a namespace. */
const LINES: readonly string[] = [
  'ip -d -j link',
  'ip -j addr',
  'ip -j route show table all',
  'ip -6 -j route show table all',
  'ip -j rule',
  'ip -6 -j rule',
  'ip -j nexthop',
  'ip -j neigh show nud permanent',
  'ip -j neigh show proxy',
  'bridge -j fdb',
  'tc -j -d qdisc show',
];

/**
 * Returns what `ip`, `bridge` and `tc` show of a namespace, without what two equal ones have differently. Linux 5.10 has a forwarding entry
 * of a bridge itself only when its MAC address was set.
 */
export function namespaceState(namespace: Namespace): Readonly<Record<string, readonly string[]>> {
  const macs = new Map(
    shown<{ readonly ifname: string; readonly address?: string }>(namespace, 'ip -j link').map(({ ifname, address }) => [ifname, address]),
  );
  const lines = [
    ...LINES,
    ...[...macs.keys()].flatMap((link) => ['class', 'filter', 'filter ingress', 'filter egress'].map((what) => trafficLine(what, link))),
  ];
  return Object.fromEntries(
    lines.map((line) => [
      line,
      shown<Entry>(namespace, line)
        .filter(({ ifname, master, mac }) => !MAY_LACK || master !== ifname || mac !== macs.get(ifname as string))
        .map((entry) => JSON.stringify(stable(entry)))
        .sort(),
    ]),
  );
}

function trafficLine(what: string, link: string): string {
  const [table, place] = what.split(' ');
  return `tc -j ${table!} show dev ${link}${place === undefined ? '' : ` ${place}`}`;
}

function stable(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) {
    const kept = (value as readonly unknown[]).filter((each) => !OF_CARRIER.includes(each)).map((each) => stable(each));
    return name === 'flags' || name === 'addr_info' ? kept.map((each) => JSON.stringify(each)).sort() : kept;
  }
  if (typeof value === 'string' && isChosen(name, value)) return 'chosen';
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !VOLATILE.has(key));
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, inner]) => [key, stable(inner, key)]));
}

/** The kernel gives handles from 8001: on, and numbers the hash tables of u32 in the order of their creation. */
function isChosen(name: string, value: string): boolean {
  if (name === 'handle' || name === 'leaf' || name === 'parent') return /^(?!ffff)[89a-f][0-9a-f]{3}:/.test(value);
  return name === 'fh' || name === 'ht' || name === 'key_ht';
}
