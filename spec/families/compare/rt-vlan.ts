import { expect } from 'chai';
import { rtVlanSchema, type EntryAttrs, type GetvlanReply, type GoptsAttrs } from '../../../lib/families/generated/rt-vlan.js';
import type { FamilyComparer } from '../comparer.js';
import { bitNames, compareFields, type Fields, type Shown } from './fields.js';
import type { LinkNames } from './link-names.js';

/** BRIDGE_VLAN_INFO_* of linux/if_bridge.h, in the words and the order of `bridge`. */
const FLAGS = [
  ['PVID', 2],
  ['Egress Untagged', 4],
] as const;

/** MDB_RTR_TYPE_* of linux/if_bridge.h */
const ROUTERS = ['disabled', 'temp-query', 'perm', 'temp'];

const end = (first: number | undefined, last: number | undefined): number | undefined => (last === first ? undefined : last);
const flag = (value: number | undefined): boolean | undefined => (value === undefined ? undefined : value !== 0);

/** The properties of a VLAN in `bridge -j -d -s vlan`. */
export const entryFields: Fields<EntryAttrs> = {
  vlan: ({ info }) => info?.vid,
  vlanEnd: ({ info, range }) => end(info?.vid, range),
  flags: ({ info }) => bitNames(info?.flags ?? 0, FLAGS),
  state: ({ state }) => state,
  mcast_router: ({ mcastRouter }) => ROUTERS.indexOf(String(mcastRouter)),
  mcast_n_groups: ({ mcastNGroups }) => mcastNGroups,
  mcast_max_groups: ({ mcastMaxGroups }) => mcastMaxGroups,
  neigh_suppress: ({ neighSuppress }) => flag(neighSuppress),
  rx_bytes: ({ stats }) => Number(stats?.rxBytes),
  rx_packets: ({ stats }) => Number(stats?.rxPackets),
  tx_bytes: ({ stats }) => Number(stats?.txBytes),
  tx_packets: ({ stats }) => Number(stats?.txPackets),
};

/** The properties of a VLAN in `bridge -j vlan global`. */
export const globalFields = (names: Pick<LinkNames, 'of'>): Fields<GoptsAttrs> => ({
  vlan: ({ id }) => id,
  vlanEnd: ({ id, range }) => end(id, range),
  mcast_snooping: ({ mcastSnooping }) => mcastSnooping,
  mcast_querier: ({ mcastQuerier }) => mcastQuerier,
  mcast_igmp_version: ({ mcastIgmpVersion }) => mcastIgmpVersion,
  mcast_mld_version: ({ mcastMldVersion }) => mcastMldVersion,
  mcast_last_member_count: ({ mcastLastMemberCnt }) => mcastLastMemberCnt,
  mcast_last_member_interval: ({ mcastLastMemberIntvl }) => Number(mcastLastMemberIntvl),
  mcast_startup_query_count: ({ mcastStartupQueryCnt }) => mcastStartupQueryCnt,
  mcast_startup_query_interval: ({ mcastStartupQueryIntvl }) => Number(mcastStartupQueryIntvl),
  mcast_membership_interval: ({ mcastMembershipIntvl }) => Number(mcastMembershipIntvl),
  mcast_querier_interval: ({ mcastQuerierIntvl }) => Number(mcastQuerierIntvl),
  mcast_query_interval: ({ mcastQueryIntvl }) => Number(mcastQueryIntvl),
  mcast_query_response_interval: ({ mcastQueryResponseIntvl }) => Number(mcastQueryResponseIntvl),
  msti: ({ msti }) => msti,
  router_ports: ({ mcastRouterPorts }) => mcastRouterPorts?.router?.port?.map(({ ifindex }) => ({ port: names.of(ifindex) })),
});

/** Compares the interfaces of `bridge vlan`, each with its list of VLANs; `compare` compares one VLAN. */
export function compareInterfaces(
  shown: readonly Shown[],
  rows: readonly GetvlanReply[],
  names: LinkNames,
  compare: <Value>(at: string, shown: Shown, value: Value, fields: Fields<Value>) => void = compareFields,
): void {
  const byName = new Map(rows.map((row) => [names.of(row.ifindex), row]));
  expect([...byName.keys()], 'interfaces').to.have.members(shown.map(({ ifname }) => ifname));
  for (const { ifname, vlans } of shown as readonly { readonly ifname: string; readonly vlans: readonly Shown[] }[]) {
    const { entry = [], globalOptions = [] } = byName.get(ifname)!;
    expect(entry.length + globalOptions.length, ifname).to.equal(vlans.length);
    vlans.forEach((vlan, index) => {
      const at = `${ifname} ${String(vlan['vlan'])}`;
      if (globalOptions.length > 0) compare(at, vlan, globalOptions[index]!, globalFields(names));
      else compare(at, vlan, entry[index]!, entryFields);
    });
  }
}

export const comparer: FamilyComparer = {
  schema: rtVlanSchema,
  compare({ command, shown, answers, links }) {
    const rows = answers.flatMap((answer) => answer.rows) as unknown as GetvlanReply[];
    const [, device] = / dev (\S+)/.exec(command) ?? [];
    // The tool shows no interface without VLANs, and reads all interfaces to show one.
    const filled = rows
      .filter(({ entry, globalOptions }) => entry !== undefined || globalOptions !== undefined)
      .filter(({ ifindex }) => device === undefined || links.of(ifindex) === device);
    compareInterfaces(shown as readonly Shown[], filled, links);
  },
};
