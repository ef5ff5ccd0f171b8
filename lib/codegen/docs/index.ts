import type { DocumentedOwner } from '../write/property-docs.js';
import { conntrackDocs } from './conntrack.js';
import { devlinkDocs } from './devlink.js';
import { dpllDocs } from './dpll.js';
import { ethtoolDocs } from './ethtool.js';
import { handshakeDocs } from './handshake.js';
import { lockdDocs, nfsdDocs } from './nfsd.js';
import { nftablesDocs } from './nftables.js';
import { nl80211Docs } from './nl80211.js';
import { rtAddrDocs } from './rt-addr.js';
import { rtLinkDocs } from './rt-link.js';
import { rtNeighDocs } from './rt-neigh.js';
import { rtRouteDocs } from './rt-route.js';
import { rtRuleDocs } from './rt-rule.js';
import { tcDocs } from './tc.js';
import { tcpMetricsDocs } from './tcp-metrics.js';
import { teamDocs } from './team.js';

/** Doc comments of properties whose unit or meaning is not their name, by the specification's file without `.yaml`. @internal */
export const docs: Readonly<Record<string, readonly DocumentedOwner[]>> = {
  'rt-link': rtLinkDocs,
  'rt-addr': rtAddrDocs,
  'rt-neigh': rtNeighDocs,
  'rt-route': rtRouteDocs,
  'rt-rule': rtRuleDocs,
  tc: tcDocs,
  nftables: nftablesDocs,
  conntrack: conntrackDocs,
  devlink: devlinkDocs,
  dpll: dpllDocs,
  ethtool: ethtoolDocs,
  handshake: handshakeDocs,
  lockd: lockdDocs,
  nfsd: nfsdDocs,
  team: teamDocs,
  tcp_metrics: tcpMetricsDocs,
  nl80211: nl80211Docs,
};
