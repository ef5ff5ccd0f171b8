import type { Observable } from 'rxjs';
import { kindOf } from '../check/index.js';
import type { FamilyOptions } from '../client/index.js';
import type { Address, AddressFilter, AddressKey, AddressSpec } from './addresses/address.js';
import { addressModel } from './addresses/address-model.js';
import { LinkTable } from './links/link-table.js';
import type { LinkVerbs } from './links/link-verbs.js';
import type { Written } from './common/written.js';
import { closeClients, networkClients, type NetworkClients } from './clients.js';
import { documentVerbs, type DocumentVerbs } from './documents/documents.js';
import { FirewallTables, type FirewallVerbs } from './firewall/verbs/firewall-verbs.js';
import { FilterTable } from './filters/filter-table.js';
import type { FilterFilter, FilterKey, FilterSpec, TrafficFilter } from './filters/traffic-filter.js';
import { ClassTable } from './classes/class-table.js';
import type { ClassFilter, ClassKey, ClassPart, ClassSpec, TrafficClass, WatchedClass } from './classes/traffic-class.js';
import { ForwardingTable } from './fdb/forwarding-table.js';
import type { ForwardingEntry, ForwardingFilter, ForwardingKey, ForwardingSpec } from './fdb/forwarding-entry.js';
import { Names } from './names/names.js';
import { networkNames, type NetworkNames } from './names/network-names.js';
import { routeNames } from './names/route-names.js';
import type { Neighbour, NeighbourFilter, NeighbourKey, NeighbourSpec } from './neighbours/neighbour.js';
import { neighbourModel } from './neighbours/neighbour-model.js';
import type { Nexthop, NexthopFilter, NexthopKey, NexthopSpec } from './nexthops/nexthop.js';
import { nexthopModel } from './nexthops/nexthop-model.js';
import type { Qdisc, QdiscFilter, QdiscKey, QdiscPart, QdiscSpec, WatchedQdisc } from './qdiscs/qdisc.js';
import { qdiscModel } from './qdiscs/qdisc-model.js';
import { RouteTable, type Routes } from './routes/route-table.js';
import type { Rule, RuleFilter, RuleKey, RuleSpec } from './rules/rule.js';
import { ruleModel } from './rules/rule-model.js';
import { SocketTable, type Sockets } from './sockets/socket-table.js';
import type { Lease } from '../socket/index.js';
import { shapeLink } from './shape/shape-link.js';
import type { Shape, Shaped } from './shape/shape.js';
import { ReplaceableTable, type Replacers } from './tables/replaceable-table.js';
import type { Readers, VerbOptions, Writers } from './tables/verbs.js';
import { view, type View, type ViewFilters } from './view.js';
import { peerModel } from './wireguard/peer-model.js';
import { PeerTable } from './wireguard/peer-table.js';
import type { WireguardPeers } from './wireguard/wireguard-peer.js';
import { WritableTable } from './tables/writable-table.js';

/** The options of `network()`: those of its sockets. @public */
export type NetworkOptions = FamilyOptions;

/** The network of one namespace: its tables, in words. @public */
export interface Network extends DocumentVerbs, Disposable {
  /** The network interfaces. */
  readonly links: LinkVerbs;
  /** The IP addresses of links. */
  readonly addresses: Readers<Address, AddressKey, AddressFilter> & Writers<Address, AddressSpec, AddressKey>;
  /** The MAC addresses of IP addresses. */
  readonly neighbours: Readers<Neighbour, NeighbourKey, NeighbourFilter> & Writers<Neighbour, NeighbourSpec, NeighbourKey>;
  /** The forwarding tables of bridges and VXLAN devices. */
  readonly fdb: Readers<ForwardingEntry, ForwardingKey, ForwardingFilter> & Writers<ForwardingEntry, ForwardingSpec, ForwardingKey>;
  /** The routes of all tables. */
  readonly routes: Routes;
  /** The rules that choose a routing table. */
  readonly rules: Readers<Rule, RuleKey, RuleFilter> & Writers<Rule, RuleSpec, RuleKey>;
  /** The nexthop objects, which routes may share. */
  readonly nexthops: Readers<Nexthop, NexthopKey, NexthopFilter> &
    Writers<Nexthop, NexthopSpec, NexthopKey> &
    Replacers<Nexthop, NexthopSpec>;
  /** The filters of traffic control, with their actions. */
  readonly filters: Readers<TrafficFilter, FilterKey, FilterFilter> & Writers<TrafficFilter, FilterSpec, FilterKey>;
  /** The peers of WireGuard links. */
  readonly wireguard: WireguardPeers;
  /** The sockets of programs, as `ss` lists them. */
  readonly sockets: Sockets;
  /** The firewall: the tables of nftables. */
  readonly firewall: FirewallVerbs;
  /** The qdiscs: the queues of links and of their classes. */
  readonly qdiscs: Readers<Qdisc, QdiscKey, QdiscFilter, WatchedQdisc> & Writers<Qdisc, QdiscSpec, QdiscKey, QdiscPart>;
  /** The classes of qdiscs. */
  readonly classes: Readers<TrafficClass, ClassKey, ClassFilter, WatchedClass> & Writers<TrafficClass, ClassSpec, ClassKey, ClassPart>;
  /**
   * Limits the rates of a link, and delays or loses its outgoing packets; emits the limits that it has then.
   *
   * Outgoing packets pass a root qdisc of this library, incoming ones a link of its own, an `ifb` device. Omitted limits are left
   * alone; `null` in place of the shape removes all that this verb made, and nothing else.
   *
   * @throws {@link NetworkError} `conflict` if the link has a root qdisc of another program, `unsupported` if the kernel lacks a
   * qdisc; the link is as before then.
   */
  shape(link: string, shape: Shape<Written> | null, options?: VerbOptions): Observable<Shaped>;
  /**
   * Watches several tables as one. Emits when all of them are consistent with the kernel, then at most once a turn of the event
   * loop after changes: immutable maps that share what did not change.
   *
   * @param tables - The tables, each with `true` for all objects or a filter.
   * @throws TypeError if a table is unknown.
   */
  view<const Filters extends ViewFilters>(tables: Filters): Observable<View<Filters>>;
  /** The names of links, routing tables, protocols and scopes. */
  readonly names: NetworkNames;
  /** The typed clients beneath. */
  readonly clients: NetworkClients;
  /**
   * Opens the socket of links, addresses, routes, rules, neighbours and traffic control, and holds it open: without it, each request
   * that runs alone opens a socket.
   *
   * @throws NetlinkError if it cannot be opened.
   * @returns A lease; unsubscribe or dispose of it to release the socket.
   */
  connect(): Lease;
  /** Closes the sockets. Streams and requests end with a `SocketClosedError`. */
  close(): void;
}

/**
 * Opens the network of one namespace. No socket is opened before the first subscription.
 *
 * @public
 */
export function network(options: NetworkOptions = {}): Network {
  checkOptions(options);
  const clients = networkClients(options);
  const names = new Names(clients.link);
  const words = routeNames();
  const context = { ...clients, ...words };
  const tables = {
    links: new LinkTable(clients, names),
    addresses: new WritableTable<Address, AddressSpec, AddressKey, AddressFilter>(addressModel(context), names),
    neighbours: new WritableTable<Neighbour, NeighbourSpec, NeighbourKey, NeighbourFilter>(neighbourModel(context), names),
    fdb: new ForwardingTable(clients, names),
    routes: new RouteTable(clients, names, context),
    rules: new WritableTable<Rule, RuleSpec, RuleKey, RuleFilter>(ruleModel(context), names),
    nexthops: new ReplaceableTable<Nexthop, NexthopSpec, NexthopKey, NexthopFilter>(nexthopModel(context), names),
    filters: new FilterTable(clients, names),
    qdiscs: new WritableTable<Qdisc, QdiscSpec, QdiscKey, QdiscFilter, QdiscPart>(qdiscModel(context), names),
    classes: new ClassTable(context, names),
  };
  const close = (): void => closeClients(clients);
  return {
    ...tables,
    ...documentVerbs(clients, names, words),
    wireguard: new PeerTable(peerModel(clients), names),
    sockets: new SocketTable(clients.sockDiag, names),
    firewall: new FirewallTables(clients.nftables),
    // Their `watch` emits objects without counters.
    qdiscs: tables.qdiscs as unknown as Network['qdiscs'],
    classes: tables.classes as unknown as Network['classes'],
    shape: (link, shape, options) => shapeLink({ ...tables, clients }, link, shape, options),
    view: (filters) => view(tables, names, filters),
    names: networkNames(names, words),
    clients,
    connect: () => clients.link.socket.connect(),
    close,
    [Symbol.dispose]: close,
  };
}

/** Checks the options where the texts of a socket do not fit. @throws TypeError */
function checkOptions(options: unknown): void {
  if (typeof options === 'string')
    throw new TypeError(`network(): expected options, not '${options}'; write network({ netns: '${options}' })`);
  const isClient = typeof options === 'object' && options !== null && ('schema' in options || 'datagrams' in options);
  if (isClient || kindOf(options) !== 'object')
    throw new TypeError(
      `network(): expected options such as { netns: 'blue' }, not ${isClient ? 'a client or a socket' : kindOf(options)}`,
    );
}
