import { NudState } from '../../families/generated/rt-neigh.js';
import { Ipv4Addresses } from './addresses/ipv4-addresses.js';
import { Ipv6Addresses } from './addresses/ipv6-addresses.js';
import { Carriers } from './links/carriers.js';
import type { Device, Home } from './links/device.js';
import { LinkTable } from './links/link-table.js';
import { NeighbourTable } from './neighbours.js';
import { ClassTable } from './objects/classes.js';
import { FilterTable } from './objects/filters.js';
import { ForwardingTable } from './objects/forwarding.js';
import { NexthopTable } from './objects/nexthops.js';
import { QdiscTable } from './objects/qdiscs.js';
import type { NetworkTables } from './network-tables.js';
import type { Notifier } from './notifier.js';
import { INET, INET6 } from './prefixes.js';
import { Ipv4Routes } from './routes/ipv4-routes.js';
import { Ipv6Routes } from './routes/ipv6-routes.js';
import { RuleTable } from './rules.js';

/**
 * The tables of one network, and what a change of a link does to the others.
 *
 * The order of the steps is that of the kernel's notifications, as `ip monitor all` shows it on Linux 6.18.
 *
 * @internal
 */
export class FakeTables implements NetworkTables {
  readonly tablesOf: NetworkTables['tablesOf'];
  readonly everywhere: NetworkTables['everywhere'];
  readonly notify: Notifier;
  readonly links: LinkTable = new LinkTable(this);
  readonly carriers: Carriers = new Carriers(this);
  readonly ipv4Addresses: Ipv4Addresses = new Ipv4Addresses(this);
  readonly ipv6Addresses: Ipv6Addresses = new Ipv6Addresses(this);
  readonly ipv4Routes: Ipv4Routes = new Ipv4Routes(this);
  readonly ipv6Routes: Ipv6Routes = new Ipv6Routes(this);
  readonly rules: RuleTable = new RuleTable(this);
  readonly neighbours: NeighbourTable = new NeighbourTable(this);
  readonly nexthops: NexthopTable = new NexthopTable(this);
  readonly forwarding: ForwardingTable = new ForwardingTable(this);
  readonly qdiscs: QdiscTable = new QdiscTable(this);
  readonly classes: ClassTable = new ClassTable(this);
  readonly filters: FilterTable = new FilterTable(this);
  readonly #numbers = new Map<Home, number>();

  constructor(notify: Notifier, { tablesOf, everywhere }: Pick<NetworkTables, 'tablesOf' | 'everywhere'>) {
    this.notify = notify;
    this.tablesOf = tablesOf;
    this.everywhere = everywhere;
  }

  numberOf(other: Home): number {
    const number = this.knownNumberOf(other) ?? this.#numbers.size;
    this.#numbers.set(other, number);
    return number;
  }

  /** Returns the number that this namespace has for another one; undefined if it has none yet. */
  knownNumberOf(other: Home | undefined): number | undefined {
    return other === undefined ? undefined : this.#numbers.get(other);
  }

  homeOf({ home }: Device): NetworkTables {
    for (const tables of this.everywhere()) if (tables === home) return tables;
    throw new RangeError('the link is in no namespace');
  }

  /** A link is up by configuration. */
  wentUp(device: Device): void {
    this.ipv4Routes.linkUp(device);
    this.ipv6Routes.linkUp(device);
    if (device.isLoopback && this.ipv4Addresses.of(device.index).length === 0)
      this.ipv4Addresses.add({ ifaIndex: device.index, local: '127.0.0.1', ifaPrefixlen: 8, ifaScope: 254 }, 0);
    this.ipv4Addresses.restoreRoutes(device);
    if (device.isOperational) this.ipv6Addresses.becameReady(device);
  }

  /** A link is down by configuration: it loses its routes, its neighbours, and its IPv6 addresses. */
  wentDown(device: Device): void {
    this.forwarding.flushLearned(device);
    this.neighbours.flush(device, { family: INET });
    this.nexthops.flush(device);
    this.ipv4Routes.linkDown(device);
    this.ipv6Routes.linkDown(device);
    this.neighbours.flush(device, { family: INET6 });
    this.ipv6Addresses.deleteAll(device);
  }

  /** A link that is up has got its carrier. */
  becameReady(device: Device): void {
    this.ipv6Addresses.becameReady(device);
  }

  /** A link that is up has lost its carrier: neighbours that were resolved go, and nexthops. */
  lostCarrier(device: Device): void {
    this.nexthops.flush(device);
    this.neighbours.flush(device, { but: NudState.Permanent });
  }

  /** A link is deleted. */
  goes(device: Device): void {
    this.ipv4Addresses.deleteAll(device);
    this.ipv6Addresses.deleteAll(device);
    this.neighbours.flush(device);
    this.forwarding.flush(device);
    this.qdiscs.flush(device);
    this.ipv4Routes.linkGone(device);
    this.ipv6Routes.linkGone(device);
  }
}
