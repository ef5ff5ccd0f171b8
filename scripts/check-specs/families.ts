import { readdirSync } from 'node:fs';

import type { FamilySchema } from '../../lib/schema/descriptor/descriptor.js';
import { conntrackSchema } from '../../lib/families/generated/conntrack.js';
import { devlinkSchema } from '../../lib/families/generated/devlink.js';
import { dpllSchema } from '../../lib/families/generated/dpll.js';
import { ethtoolSchema } from '../../lib/families/generated/ethtool.js';
import { fouSchema } from '../../lib/families/generated/fou.js';
import { handshakeSchema } from '../../lib/families/generated/handshake.js';
import { mptcpPmSchema } from '../../lib/families/generated/mptcp_pm.js';
import { netShaperSchema } from '../../lib/families/generated/net_shaper.js';
import { netdevSchema } from '../../lib/families/generated/netdev.js';
import { nfsdSchema } from '../../lib/families/generated/nfsd.js';
import { nftablesSchema } from '../../lib/families/generated/nftables.js';
import { nl80211Schema } from '../../lib/families/generated/nl80211.js';
import { nlctrlSchema } from '../../lib/families/generated/nlctrl.js';
import { ovsDatapathSchema } from '../../lib/families/generated/ovs_datapath.js';
import { ovsFlowSchema } from '../../lib/families/generated/ovs_flow.js';
import { ovsVportSchema } from '../../lib/families/generated/ovs_vport.js';
import { rtAddrSchema } from '../../lib/families/generated/rt-addr.js';
import { rtLinkSchema } from '../../lib/families/generated/rt-link.js';
import { rtNeighSchema } from '../../lib/families/generated/rt-neigh.js';
import { rtRouteSchema } from '../../lib/families/generated/rt-route.js';
import { rtRuleSchema } from '../../lib/families/generated/rt-rule.js';
import { tcSchema } from '../../lib/families/generated/tc.js';
import { tcpMetricsSchema } from '../../lib/families/generated/tcp_metrics.js';
import { teamSchema } from '../../lib/families/generated/team.js';
import { wireguardSchema } from '../../lib/families/generated/wireguard.js';

/** The descriptors of all generated families. They are listed so that a bundler finds them. */
export const FAMILIES: readonly FamilySchema[] = [
  conntrackSchema,
  devlinkSchema,
  dpllSchema,
  ethtoolSchema,
  fouSchema,
  handshakeSchema,
  mptcpPmSchema,
  netShaperSchema,
  netdevSchema,
  nfsdSchema,
  nftablesSchema,
  nl80211Schema,
  nlctrlSchema,
  ovsDatapathSchema,
  ovsFlowSchema,
  ovsVportSchema,
  rtAddrSchema,
  rtLinkSchema,
  rtNeighSchema,
  rtRouteSchema,
  rtRuleSchema,
  tcSchema,
  tcpMetricsSchema,
  teamSchema,
  wireguardSchema,
];

/** Returns the files of generated families that the list above lacks. */
export function unlistedFamilies(): string[] {
  const files = readdirSync(new URL('../../lib/families/generated/', import.meta.url)).filter(
    (name) => name.endsWith('.ts') && name !== 'index.ts',
  );
  return files.map((name) => name.slice(0, -'.ts'.length)).filter((name) => FAMILIES.every(({ source }) => source !== name));
}
