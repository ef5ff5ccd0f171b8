import type { GetqdiscReply, GettclassReply } from '../../families/generated/tc.js';
import type { FakeAddress } from './addresses/address-attributes.js';
import type { ImpliedRoute } from './addresses/implied-routes.js';
import type { Device, Home } from './links/device.js';
import type { LinkTable } from './links/link-table.js';
import type { Notifier } from './notifier.js';
import type { Hop, RouteNexthop } from './routes/fake-route.js';
import type { RouteStore } from './routes/route-store.js';

/** The addresses of one family, as other tables use them. @internal */
export interface Addresses {
  of(index: number): readonly FakeAddress[];
  /** Returns true if an address is one of this host. */
  has(local: string): boolean;
  /** Returns the source address of a packet over a link. @param towards - The next host. */
  sourceOn(index: number, towards?: string): string | undefined;
}

/** The routes of one family, as other tables use them. @internal */
export interface Routes {
  readonly store: RouteStore;
  /** Returns a way with its link. @throws Rejection if a packet cannot take it. */
  checkHop(hop: Hop, table: number): Hop;
  addImplied(route: ImpliedRoute): void;
  deleteImplied(route: ImpliedRoute): void;
  /** Deletes or changes the routes whose source address is gone. */
  flushSource(source: string): void;
  /** Gives the routes over a nexthop object its present ways. */
  nexthopChanged(id: number, isNotified: boolean): void;
  /** Deletes the routes over a nexthop object. */
  nexthopGone(id: number): void;
}

/** The packet of a lookup. @internal */
export interface Packet {
  readonly family: number;
  readonly to: string;
  readonly from?: string | undefined;
  readonly iif?: string | undefined;
  readonly oif?: number | undefined;
  readonly mark?: number | undefined;
  readonly tos?: number | undefined;
  readonly uid?: number | undefined;
  /** Only routes of at least this scope: `link` for the way to a gateway. */
  readonly scope?: number | undefined;
}

/** The outcome of a rule for a packet. @internal */
export interface RuleOutcome {
  /** `to-tbl`, or the name of a rejection. */
  readonly action: string;
  readonly table: number;
  /** Routes with at most this prefix length are ignored; -1 for none. */
  readonly suppress: number;
}

/** The tables of one network, as they use each other. @internal */
export interface NetworkTables extends Home {
  /** Returns the tables of the network namespace of an open descriptor. */
  readonly tablesOf: (descriptor: number) => NetworkTables | undefined;
  /** Returns the tables of all namespaces. */
  readonly everywhere: () => Iterable<NetworkTables>;
  /** Returns the tables of the namespace that has a link. */
  homeOf(device: Device): NetworkTables;
  readonly notify: Notifier;
  readonly links: LinkTable;
  readonly carriers: {
    update(devices: readonly (Device | undefined)[]): readonly Device[];
    settle(changed: readonly Device[]): void;
    above(device: Device): readonly Device[];
  };
  readonly ipv4Addresses: Addresses & { renamed(device: Device, before: string): void };
  readonly ipv6Addresses: Addresses;
  readonly ipv4Routes: Routes & { flushDevice(index: number): void };
  readonly ipv6Routes: Routes;
  readonly rules: { matching(packet: Packet): Iterable<RuleOutcome> };
  readonly neighbours: { flush(device: Device): void };
  readonly forwarding: {
    addOwnOf(port: Device): void;
    addOwnOfBridge(bridge: Device): void;
    removeOwnOf(device: Device): void;
    flushPort(port: Device): void;
  };
  readonly qdiscs: {
    at(ifindex: number, parent: number): GetqdiscReply | undefined;
    byHandle(ifindex: number, handle: number): GetqdiscReply | undefined;
    removeBelow(row: GettclassReply): void;
  };
  readonly classes: { find(ifindex: number, handle: number): GettclassReply | undefined; flush(qdisc: GetqdiscReply): void };
  readonly filters: { has(ifindex: number, parent: number): boolean; flush(qdisc: GetqdiscReply): void };
  readonly nexthops: { forRoute(id: number, family: number): RouteNexthop & { readonly hops: readonly Hop[] } };
  /** Adds what a link has that is up by configuration. */
  wentUp(device: Device): void;
  /** Deletes what a link loses that is down by configuration. */
  wentDown(device: Device): void;
  /** Adds what a link has that is up and has a carrier. */
  becameReady(device: Device): void;
  /** Deletes what a link loses with its carrier. */
  lostCarrier(device: Device): void;
  /** Deletes what a deleted link had. */
  goes(device: Device): void;
}
