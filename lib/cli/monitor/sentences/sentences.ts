import { address, membership, prefix } from './addresses.js';
import { multicastGroup, vlan } from './bridges.js';
import { connection } from './connections.js';
import { firewall } from './firewall.js';
import { link } from './links.js';
import { forwarding, neighbour } from './neighbours.js';
import { device, family, netconf, nsid } from './others.js';
import { nexthop, route } from './routes.js';
import { rule } from './rules.js';
import type { Sentence } from './sentence.js';
import { scheduler, trafficFilter } from './traffic.js';

/** The sentence of each topic that has its own. */
export const SENTENCES: Readonly<Record<string, Sentence>> = {
  links: link,
  addresses: address,
  memberships: membership,
  rtnetlink: prefix,
  routes: route,
  nexthops: nexthop,
  rules: rule,
  neighbours: neighbour,
  fdb: forwarding,
  mdb: multicastGroup,
  vlans: vlan,
  qdiscs: scheduler,
  classes: scheduler,
  filters: trafficFilter,
  netconf,
  nsids: nsid,
  firewall,
  connections: connection,
  devices: device,
  nlctrl: family,
};
