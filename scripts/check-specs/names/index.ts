import type { HeaderNames } from '../header-names.js';
import { conntrackNames } from './conntrack.js';
import { devlinkNames } from './devlink.js';
import { dpllNames } from './dpll.js';
import { ethtoolNames } from './ethtool.js';
import { fouNames } from './fou.js';
import { handshakeNames } from './handshake.js';
import { mptcpPmNames } from './mptcp-pm.js';
import { netShaperNames } from './net-shaper.js';
import { netdevNames } from './netdev.js';
import { nfsdNames } from './nfsd.js';
import { nftablesNames } from './nftables.js';
import { nl80211Names } from './nl80211.js';
import { nlctrlNames } from './nlctrl.js';
import { ovsDatapathNames } from './ovs-datapath.js';
import { ovsFlowNames } from './ovs-flow.js';
import { ovsVportNames } from './ovs-vport.js';
import { rtAddrNames } from './rt-addr.js';
import { rtLinkNames } from './rt-link.js';
import { rtNeighNames } from './rt-neigh.js';
import { rtRouteNames } from './rt-route.js';
import { rtRuleNames } from './rt-rule.js';
import { tcNames } from './tc.js';
import { tcpMetricsNames } from './tcp-metrics.js';
import { teamNames } from './team.js';
import { wireguardNames } from './wireguard.js';

/** The header names of each family, by the name of its specification. */
export const NAMES: Readonly<Record<string, HeaderNames>> = {
  conntrack: conntrackNames,
  devlink: devlinkNames,
  dpll: dpllNames,
  ethtool: ethtoolNames,
  fou: fouNames,
  handshake: handshakeNames,
  mptcp_pm: mptcpPmNames,
  net_shaper: netShaperNames,
  netdev: netdevNames,
  nfsd: nfsdNames,
  nftables: nftablesNames,
  nl80211: nl80211Names,
  nlctrl: nlctrlNames,
  ovs_datapath: ovsDatapathNames,
  ovs_flow: ovsFlowNames,
  ovs_vport: ovsVportNames,
  'rt-addr': rtAddrNames,
  'rt-link': rtLinkNames,
  'rt-neigh': rtNeighNames,
  'rt-route': rtRouteNames,
  'rt-rule': rtRuleNames,
  tc: tcNames,
  tcp_metrics: tcpMetricsNames,
  team: teamNames,
  wireguard: wireguardNames,
};
