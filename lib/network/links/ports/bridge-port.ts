import type { Read, Written } from '../../common/written.js';
import { link, number, numbered, toggle, words, type Options } from '../../fields/option.js';
import { MULTICAST_ROUTER, type MulticastRouter } from '../kinds/bridge.js';

/** The settings of a port of a bridge (`IFLA_BRPORT_*`). @public */
export interface BridgePort<U extends Written = Read> {
  /** Read only: the state of the spanning tree protocol, which changes by itself (`IFLA_BRPORT_STATE`). */
  readonly state?: 'disabled' | 'listening' | 'learning' | 'forwarding' | 'blocking' | number;
  /** The priority of the port (`IFLA_BRPORT_PRIORITY`). */
  readonly priority?: number;
  /** The cost of the path (`IFLA_BRPORT_COST`). */
  readonly cost?: number;
  /** A frame may leave by the port that it came from (`IFLA_BRPORT_MODE`). */
  readonly hairpin?: boolean;
  /** The port disables itself when a BPDU arrives (`IFLA_BRPORT_GUARD`). */
  readonly guard?: boolean;
  /** The port cannot become the root port (`IFLA_BRPORT_PROTECT`). */
  readonly rootBlock?: boolean;
  /** The bridge drops a multicast membership at the leave message (`IFLA_BRPORT_FAST_LEAVE`). */
  readonly fastLeave?: boolean;
  /** The bridge learns addresses on the port (`IFLA_BRPORT_LEARNING`). */
  readonly learning?: boolean;
  /** The bridge floods frames with an unknown address to the port (`IFLA_BRPORT_UNICAST_FLOOD`). */
  readonly unicastFlood?: boolean;
  /** The bridge floods multicast frames to the port (`IFLA_BRPORT_MCAST_FLOOD`). */
  readonly multicastFlood?: boolean;
  /** The bridge sends broadcast frames to the port (`IFLA_BRPORT_BCAST_FLOOD`). */
  readonly broadcastFlood?: boolean;
  /** The bridge sends multicast frames as unicast (`IFLA_BRPORT_MCAST_TO_UCAST`). */
  readonly multicastToUnicast?: boolean;
  /** The way in which the bridge finds multicast routers on the port (`IFLA_BRPORT_MULTICAST_ROUTER`). */
  readonly multicastRouter?: MulticastRouter;
  /** The largest number of multicast groups; 0 for no limit (`IFLA_BRPORT_MCAST_MAX_GROUPS`). */
  readonly multicastMaxGroups?: number;
  /** The largest number of tracked multicast hosts (`IFLA_BRPORT_MCAST_EHT_HOSTS_LIMIT`). */
  readonly multicastHostsLimit?: number;
  /** The port answers ARP requests (`IFLA_BRPORT_PROXYARP`). */
  readonly proxyArp?: boolean;
  /** The port answers ARP requests of wireless stations (`IFLA_BRPORT_PROXYARP_WIFI`). */
  readonly proxyArpWifi?: boolean;
  /** The bridge answers ARP requests and neighbour solicitations that it knows (`IFLA_BRPORT_NEIGH_SUPPRESS`). */
  readonly neighbourSuppress?: boolean;
  /** The same, by VLAN (`IFLA_BRPORT_NEIGH_VLAN_SUPPRESS`). */
  readonly neighbourVlanSuppress?: boolean;
  /** The port translates VLANs to tunnels (`IFLA_BRPORT_VLAN_TUNNEL`). */
  readonly vlanTunnel?: boolean;
  /** Isolated ports do not reach each other (`IFLA_BRPORT_ISOLATED`). */
  readonly isolated?: boolean;
  /** Frames from unknown addresses are dropped (`IFLA_BRPORT_LOCKED`). */
  readonly locked?: boolean;
  /** The bridge adds locked entries for unknown addresses; needs `locked` (`IFLA_BRPORT_MAB`). */
  readonly authenticationBypass?: boolean;
  /** Bit n: the port forwards frames to 01:80:c2:00:00:0n (`IFLA_BRPORT_GROUP_FWD_MASK`). */
  readonly groupForwardMask?: number;
  /** The port that takes over without carrier, by name (`IFLA_BRPORT_BACKUP_PORT`). */
  readonly backupPort?: string | U['none'];
  /** The nexthop of packets to the backup port (`IFLA_BRPORT_BACKUP_NHID`). */
  readonly backupNexthop?: number;
}

/** The options of a bridge port. @internal */
export const BRIDGE_PORT: Options<BridgePort> = {
  state: words('state', ['disabled', 'listening', 'learning', 'forwarding', 'blocking'], { out: true }),
  priority: number('priority', 0xffff),
  cost: number('cost', 0xffff_ffff),
  hairpin: toggle('mode'),
  guard: toggle('guard'),
  rootBlock: toggle('protect'),
  fastLeave: toggle('fastLeave'),
  learning: toggle('learning'),
  unicastFlood: toggle('unicastFlood'),
  multicastFlood: toggle('mcastFlood'),
  broadcastFlood: toggle('bcastFlood'),
  multicastToUnicast: toggle('mcastToUcast'),
  multicastRouter: numbered('multicastRouter', MULTICAST_ROUTER),
  multicastMaxGroups: number('mcastMaxGroups'),
  multicastHostsLimit: number('mcastEhtHostsLimit'),
  proxyArp: toggle('proxyarp'),
  proxyArpWifi: toggle('proxyarpWifi'),
  neighbourSuppress: toggle('neighSuppress'),
  neighbourVlanSuppress: toggle('neighVlanSuppress'),
  vlanTunnel: toggle('vlanTunnel'),
  isolated: toggle('isolated'),
  locked: toggle('locked'),
  authenticationBypass: toggle('mab'),
  groupForwardMask: number('groupFwdMask', 0xffff),
  backupPort: link('backupPort', { nullable: true }),
  backupNexthop: number('backupNhid'),
};
