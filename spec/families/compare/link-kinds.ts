import { bitNames, hex, type Fields } from './fields.js';
import { byConvention } from './conventions.js';
import type { LinkNames } from './link-names.js';
import { GRE, GRE6, IP6TNL, IPIP, VTI } from './tunnel-fields.js';

type Data = Readonly<Record<string, unknown>>;
type KindFields = (names: LinkNames) => Fields<Data>;

const number = (data: Data, property: string): number => Number(data[property]);
/** Returns the entry of one of iproute2's lists at the index that the kernel sends. */
const named =
  (property: string, names: readonly (string | null)[]) =>
  (data: Data): string | null | undefined =>
    names[number(data, property)];

/** The order of names in iproute2's ip/iplink_bond.c, for the numbers of linux/if_bonding.h. */
const BOND = byConvention<Data>({
  peer_notify_delay: (data) => data['peerNotifDelay'],
  arp_missed_max: (data) => data['missedMax'],
  arp_validate: named('arpValidate', [null, 'active', 'backup', 'all']),
  arp_all_targets: named('arpAllTargets', ['any', 'all']),
  primary_reselect: named('primaryReselect', ['always', 'better', 'failure']),
  fail_over_mac: named('failOverMac', ['none', 'active', 'follow']),
  ad_lacp_active: named('adLacpActive', ['off', 'on']),
  ad_lacp_rate: named('adLacpRate', ['slow', 'fast']),
  ad_select: named('adSelect', ['stable', 'bandwidth', 'count']),
  ad_info: ({ adInfo }) => {
    const { aggregator, numPorts, actorKey, partnerKey, partnerMac } = adInfo as Data;
    return { aggregator, num_ports: numPorts, actor_key: actorKey, partner_key: partnerKey, partner_mac: partnerMac };
  },
});

const LACP = ['active', 'short_timeout', 'aggregating', 'in_sync', 'collecting', 'distributing', 'defaulted', 'expired'];
const lacpState = (state: unknown): string[] => LACP.filter((_, bit) => (Number(state) & (1 << bit)) !== 0);
const BOND_PORT = byConvention<Data>({
  state: (data) => String(data['state']).toUpperCase(),
  mii_status: (data) => String(data['miiStatus']).toUpperCase().replace('-', '_'),
  ad_actor_oper_port_state_str: (data) => lacpState(data['adActorOperPortState']),
  ad_partner_oper_port_state_str: (data) => lacpState(data['adPartnerOperPortState']),
});

/** VLAN_FLAG_* of linux/if_vlan.h. */
const VLAN_FLAGS = [
  ['REORDER_HDR', 1],
  ['GVRP', 2],
  ['MVRP', 8],
  ['LOOSE_BINDING', 4],
  ['BRIDGE_BINDING', 16],
] as const;
const mapping = (map: unknown): unknown => (map as { readonly mapping?: unknown }).mapping;
const VLAN = byConvention<Data>({
  protocol: (data) => String(data['protocol']).replace('8021', '802.1').replace('802.1q', '802.1Q'),
  flags: (data) => bitNames((data['flags'] as { readonly flags: number }).flags, VLAN_FLAGS),
  ingress_qos: (data) => mapping(data['ingressQos']),
  egress_qos: (data) => mapping(data['egressQos']),
});

const MACSEC_CIPHERS: Readonly<Record<string, string>> = {
  '80c20001000001': 'GCM-AES-128',
  // MACSEC_DEFAULT_CIPHER_ID, an older number for the same cipher
  '80020001000001': 'GCM-AES-128',
  '80c20001000002': 'GCM-AES-256',
};
const MACSEC = byConvention<Data>({
  // Eight bytes as on the wire: a MAC address and a port.
  sci: (data) => (data['sci'] as bigint).toString(16).padStart(16, '0'),
  cipher_suite: (data) => MACSEC_CIPHERS[(data['cipherSuite'] as bigint).toString(16)],
});

/** IPVLAN_F_* of linux/if_link.h. */
const IPVLAN = byConvention<Data>({
  private: (data) => (number(data, 'flags') & 1) !== 0,
  vepa: (data) => (number(data, 'flags') & 2) !== 0,
  bridge: (data) => number(data, 'flags') === 0,
});

const HSR: KindFields = (names) =>
  byConvention<Data>({
    slave1: (data) => names.of(number(data, 'slave1')),
    slave2: (data) => names.of(number(data, 'slave2')),
    // HSR_PROTOCOL_* of linux/if_link.h
    proto: (data) => ['hsr', 'prp'].indexOf(String(data['protocol'])),
  });

const GENEVE = byConvention<Data>({
  tos: (data) => (data['tos'] === 1 ? 'inherit' : hex(number(data, 'tos'))),
  ttl: (data, shown) => (data['ttlInherit'] === 1 && shown === 'inherit' ? shown : data['ttl']),
  label: (data) => hex(number(data, 'label')),
  external: (data) => data['collectMetadata'] === true,
});

const TUN = byConvention<Data>({
  numqueues: (data) => data['numQueues'],
  numdisabled: (data) => data['numDisabledQueues'],
  user: (data) => (data['owner'] === 0 ? 'root' : data['owner']),
  group: (data) => (data['group'] === 0 ? 'root' : data['group']),
});

const always =
  (fields: Fields<Data>): KindFields =>
  () =>
    fields;

/** CAN_CTRLMODE_* of linux/can/netlink.h, bit 0 first, in ip's words. */
const CAN_MODES = ['LOOPBACK', 'LISTEN-ONLY', 'TRIPLE-SAMPLING', 'ONE-SHOT', 'BERR-REPORTING', 'FD'];
const CAN = byConvention<Data>({
  ctrlmode_supported: ({ ctrlmodeExt }) => {
    const supported = number(ctrlmodeExt as Data, 'supported');
    return CAN_MODES.filter((_, bit) => (supported & (1 << bit)) !== 0);
  },
  state: ({ state }) => String(state).toUpperCase(),
  bittiming_bitrate: ({ bittiming }) => (bittiming as Data)['bitrate'],
  clock: ({ clock }) => (clock as Data)['freq'],
});

/** The properties of each kind in `ip -d link`, except bridge, VXLAN and MACVLAN. */
export const KINDS: Readonly<Record<string, KindFields>> = {
  tun: always(TUN),
  can: always(CAN),
  bond: always(BOND),
  vlan: always(VLAN),
  vrf: always(byConvention()),
  macsec: always(MACSEC),
  ipvlan: always(IPVLAN),
  ipvtap: always(IPVLAN),
  hsr: HSR,
  geneve: always(GENEVE),
  gre: GRE,
  gretap: GRE,
  erspan: GRE,
  ip6gre: GRE6,
  ip6gretap: GRE6,
  ip6erspan: GRE6,
  ipip: IPIP,
  sit: IPIP,
  ip6tnl: IP6TNL,
  vti: VTI,
  vti6: VTI,
  xfrm: always(byConvention({ if_id: (data: Data) => hex(number(data, 'ifId')), external: (data: Data) => data['collectMetadata'] })),
  gtp: always(byConvention({ hsize: (data: Data) => data['pdpHashsize'] })),
  netkit: always(byConvention({ type: (data: Data) => (data['primary'] === 1 ? 'primary' : 'peer') })),
};

/** The properties of the ports of masters except bridges, by the master's kind. */
export const PORTS: Readonly<Record<string, Fields<Data>>> = { bond: BOND_PORT, vrf: byConvention() };
