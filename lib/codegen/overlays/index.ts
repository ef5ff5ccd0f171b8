import type { Overlay } from '../overlay.js';
import { conntrack } from './conntrack.js';
import { devlink } from './devlink.js';
import { ovpn, psp, wireguard } from './encrypted-tunnels.js';
import { ethtool } from './ethtool.js';
import { nftables } from './nftables/nftables.js';
import { nl80211 } from './nl80211/nl80211.js';
import { withObjects } from './objects.js';
import { ovsDatapath, ovsFlow, ovsPacket, ovsVport } from './openvswitch.js';
import { rtAddr } from './rt-addr.js';
import { rtLink } from './rt-link/rt-link.js';
import { rtNeigh } from './rt-neigh.js';
import { rtRoute } from './rt-route/rt-route.js';
import { rtRule } from './rt-rule.js';
import { fou, mptcpPm, nlctrl, tcpMetrics, team } from './small-families.js';
import { tc } from './tc/tc.js';

const corrections: readonly Overlay[] = [
  conntrack,
  devlink,
  ethtool,
  fou,
  mptcpPm,
  nftables,
  nl80211,
  nlctrl,
  ovpn,
  ovsDatapath,
  ovsFlow,
  ovsPacket,
  ovsVport,
  psp,
  rtAddr,
  rtLink,
  rtNeigh,
  rtRoute,
  rtRule,
  tc,
  tcpMetrics,
  team,
  wireguard,
];

/** All overlays; the specification of a family without one is correct. @internal */
export const overlays: readonly Overlay[] = withObjects(corrections);
