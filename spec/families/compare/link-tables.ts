import { expect } from 'chai';
import type { Scene } from '../comparer.js';
import type { Row } from '../play.js';
import { BRIDGE_PORT } from './bridge-fields.js';
import { compareFields, type Fields, type Shown } from './fields.js';
import { countersOf } from './link-counters.js';
import { linkFields, type LinkRow } from './link-fields.js';

type Port = Readonly<Record<string, unknown>>;
interface Vlan {
  readonly flags: number;
  readonly vid: number;
}

/** BRIDGE_VLAN_INFO_* of linux/if_bridge.h. */
const [PVID, UNTAGGED, RANGE_BEGIN, RANGE_END] = [2, 4, 8, 16];

/** `bridge -d link`, `bridge vlan`, `bridge vlan tunnelshow`: the AF_BRIDGE dump, which has attributes of its own. */
export function compareBridge({ command, shown, answers, links }: Scene): void {
  const rows = answers.flatMap(({ rows: found }) => found) as unknown as (LinkRow & { readonly protinfo?: Port })[];
  const table = (shown as Shown[]).filter((row) => Object.keys(row).length > 0);
  expect(table).to.not.have.length(0);
  for (const row of table) {
    const name = String(row['ifname']);
    const found = rows.filter(({ ifname, ifiFamily }) => ifname === name && ifiFamily === 7).at(-1);
    if (found === undefined) throw new Error(`${name} is not in the dump`);
    if (command.includes(' vlan')) compareVlans(name, row, found as unknown as Row);
    else {
      const plain = Object.fromEntries(Object.entries(row).filter(([key]) => !(key in BRIDGE_PORT_KEYS)));
      compareFields(name, plain, found, linkFields(links));
      compareFields(
        `${name}.protinfo`,
        Object.fromEntries(Object.entries(row).filter(([key]) => !(key in plain))),
        found.protinfo ?? {},
        BRIDGE_PORT_KEYS,
      );
    }
  }
}

const BRIDGE_PORT_KEYS: Fields<Port> = { ...BRIDGE_PORT, mcast_router: (port) => port['multicastRouter'] };

function compareVlans(name: string, row: Shown, found: Row): void {
  const { vlanInfo = [], vlanTunnelInfo = [] } = (found['afSpec'] ?? {}) as {
    vlanInfo?: readonly Vlan[];
    vlanTunnelInfo?: readonly { readonly id: number; readonly vid: number; readonly flags: number }[];
  };
  if ('vlans' in row) {
    const decoded = ranges(vlanInfo).map(([{ flags, vid }, last]) => ({
      vlan: vid,
      ...(last === undefined ? {} : { vlanEnd: last.vid }),
      ...((flags & (PVID | UNTAGGED)) === 0
        ? {}
        : { flags: [...((flags & PVID) === 0 ? [] : ['PVID']), ...((flags & UNTAGGED) === 0 ? [] : ['Egress Untagged'])] }),
    }));
    expect(decoded, `${name} vlans`).to.deep.equal(row['vlans']);
  } else {
    const decoded = ranges(vlanTunnelInfo).map(([{ id, vid }, last]) => ({
      vlan: vid,
      ...(last === undefined ? {} : { vlanEnd: last.vid }),
      tunid: id,
      ...(last === undefined ? {} : { tunidEnd: last.id }),
    }));
    expect(decoded, `${name} tunnels`).to.deep.equal(row['tunnels']);
  }
}

/** Combines the two ends of each range. */
function ranges<T extends { readonly flags: number }>(list: readonly T[]): [T, T | undefined][] {
  return list.flatMap((item, index): [T, T | undefined][] => {
    if ((item.flags & RANGE_END) !== 0) return [];
    return [[item, (item.flags & RANGE_BEGIN) === 0 ? undefined : list[index + 1]]];
  });
}

/** `ip stats`: RTM_GETSTATS. The library leaves the counters of bridges and bonds as bytes. */
export function compareStatistics({ shown, answers, links }: Scene): void {
  const rows = answers.flatMap(({ op, rows: found }) => (op === 'getstats' ? found : []));
  expect(rows).to.have.length(1);
  const row = rows[0]!;
  for (const { ifindex, ifname, group, subgroup, stats64, info } of shown as Shown[]) {
    expect([row['ifindex'], links.of(row['ifindex'] as number)]).to.deep.equal([ifindex, ifname]);
    const offloaded = row['linkOffloadXstats'] as Row | undefined;
    if (subgroup === 'l3_stats' && stats64 !== undefined) {
      expect(hardwareCounters(offloaded!['l3Stats'] as Readonly<Record<string, bigint>>), 'l3_stats').to.deep.equal(stats64);
    } else if (stats64 !== undefined) expect(countersOf(row['link64'] as Row, stats64, undefined), String(group)).to.deep.equal(stats64);
    if (subgroup === 'hw_stats_info') {
      const decoded = ((row['linkOffloadXstats'] as Row)['hwSInfo'] ?? []) as readonly { readonly l3Stats?: Row }[];
      expect(JSON.stringify(info), 'l3_stats').to.include('l3_stats');
      expect(decoded, 'hw_stats_info').to.not.have.length(0);
    }
  }
}

/** The counters of a card that routes in hardware. */
function hardwareCounters(counted: Readonly<Record<string, bigint>>): unknown {
  const of = (way: 'rx' | 'tx', names: readonly string[]): object =>
    Object.fromEntries(names.map((name) => [name, Number(counted[way + name[0]!.toUpperCase() + name.slice(1)])]));
  const common = ['bytes', 'packets', 'errors', 'dropped'];
  return { rx: { ...of('rx', common), multicast: Number(counted['multicast']) }, tx: of('tx', common) };
}
