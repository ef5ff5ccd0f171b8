import { nftables } from '../families/nftables.js';
import { rtAddr } from '../families/rt-addr.js';
import { rtLink } from '../families/rt-link.js';
import { rtNeigh } from '../families/rt-neigh.js';
import { rtRoute } from '../families/rt-route.js';
import { rtRule } from '../families/rt-rule.js';
import { rtVlan } from '../families/rt-vlan.js';
import { sockDiag } from '../families/sock_diag.js';
import { tc } from '../families/tc.js';
import { wireguard } from '../families/wireguard.js';
import type { FamilyOptions } from '../client/index.js';

/** The typed clients of a `network()`; those of rtnetlink share one socket. @public */
export interface NetworkClients {
  /** Links. */
  readonly link: ReturnType<typeof rtLink>;
  /** IP addresses. */
  readonly addr: ReturnType<typeof rtAddr>;
  /** Routes and nexthop objects. */
  readonly route: ReturnType<typeof rtRoute>;
  /** Routing rules. */
  readonly rule: ReturnType<typeof rtRule>;
  /** Neighbours and forwarding entries. */
  readonly neigh: ReturnType<typeof rtNeigh>;
  /** VLANs of bridges and their ports. */
  readonly vlan: ReturnType<typeof rtVlan>;
  /** Traffic control: qdiscs, classes, filters. */
  readonly tc: ReturnType<typeof tc>;
  /** WireGuard devices, on a socket of its own. */
  readonly wireguard: ReturnType<typeof wireguard>;
  /** The firewall, on a socket of its own. */
  readonly nftables: ReturnType<typeof nftables>;
  /** Sockets, on a socket of its own. */
  readonly sockDiag: ReturnType<typeof sockDiag>;
}

/** Creates the clients of one network namespace. @internal */
export function networkClients(options: FamilyOptions): NetworkClients {
  const link = rtLink(options);
  const { socket } = link;
  const route = {
    addr: rtAddr(socket),
    route: rtRoute(socket),
    rule: rtRule(socket),
    neigh: rtNeigh(socket),
    vlan: rtVlan(socket),
    tc: tc(socket),
  };
  return { link, ...route, nftables: nftables(options), sockDiag: sockDiag(options), wireguard: wireguard(options) };
}

/** Closes all sockets of the clients. @internal */
export function closeClients({ link, nftables: firewall, sockDiag: sockets, wireguard: tunnels }: NetworkClients): void {
  for (const client of [link, firewall, sockets, tunnels]) client.close();
}
