import { IfaFlags, type GetaddrReply } from '../../../families/generated/rt-addr.js';
import { RtScope } from '../../../families/generated/rt-route.js';
import { sameValue } from '../../../live/internal.js';
import { MessageFlags } from '../../../wire/index.js';
import type { Device } from '../links/device.js';
import type { NetworkTables } from '../network-tables.js';
import { INET6, isWithin } from '../prefixes.js';
import { Rejection } from '../rejection.js';
import { addressRow, changeableOf, requestedFlags, type AddressAttributes, type FakeAddress } from './address-attributes.js';
import { ipv6LocalRoute, ipv6MulticastRoute, ipv6PrefixRoute } from './implied-routes.js';

/** IFAPROT_KERNEL_LO. */
const FROM_LOOPBACK = 1;

/** The IPv6 addresses of links. The fake network makes none of its own but ::1; duplicates are not searched for. @internal */
export class Ipv6Addresses {
  readonly #tables: NetworkTables;
  readonly #lists = new Map<number, FakeAddress[]>();

  constructor(tables: NetworkTables) {
    this.#tables = tables;
  }

  of(index: number): readonly FakeAddress[] {
    return this.#lists.get(index) ?? [];
  }

  rows(): readonly GetaddrReply[] {
    return [...this.#tables.links.all()].flatMap(({ index }) => this.of(index).map((address) => addressRow(address, INET6)));
  }

  /** Returns true if an address is one of this host. */
  has(local: string): boolean {
    return [...this.#lists.values()].some((list) => list.some((address) => address.local === local));
  }

  /** Returns the address of a link that a packet to a gateway would have. */
  sourceOn(index: number, towards?: string): string | undefined {
    const list = this.of(index);
    const near = towards === undefined ? undefined : list.find(({ peer, length }) => isWithin(towards, peer, length, INET6));
    return (near ?? list[0])?.local;
  }

  /** Adds or changes an address (RTM_NEWADDR). @throws Rejection */
  add(request: AddressAttributes, flags: number): void {
    const device = this.#tables.links.byIndex(request.ifaIndex ?? 0);
    if (device === undefined) throw new Rejection('ENODEV', 'ipv6: Unable to find the interface');
    const { local = request.address, address = local, ifaPrefixlen = 128 } = request;
    if (local === undefined || address === undefined) throw new Rejection('EINVAL', 'ipv6: Invalid address');
    const found = this.of(device.index).find((other) => other.local === local);
    if (found !== undefined) {
      if ((flags & MessageFlags.Exclusive) !== 0 || (flags & MessageFlags.Replace) === 0)
        throw new Rejection('EEXIST', 'ipv6: address already assigned');
      this.#change(device, found, request);
      return;
    }
    this.#insert(device, {
      ...{ index: device.index, local, peer: address, length: ifaPrefixlen, scope: scopeOf(local), broadcast: undefined },
      ...{ label: undefined, flags: requestedFlags(request), changeable: changeableOf(request) },
    });
  }

  /** Deletes an address (RTM_DELADDR). @throws Rejection */
  delete({ ifaIndex = 0, local, address, ifaPrefixlen = 128 }: AddressAttributes): void {
    const device = this.#tables.links.byIndex(ifaIndex);
    if (device === undefined) throw new Rejection('ENODEV', 'ipv6: Unable to find the interface');
    const found = this.of(ifaIndex).find((each) => each.local === (local ?? address) && each.length === ifaPrefixlen);
    if (found === undefined) throw new Rejection('EADDRNOTAVAIL', 'ipv6: address not found');
    this.#remove(found);
    this.#tables.notify.address('del', addressRow(found, INET6), true);
    this.#tables.ipv6Routes.deleteImplied(ipv6LocalRoute(found));
    const prefix = ipv6PrefixRoute(found);
    const isShared = this.of(ifaIndex).some(
      (other) => other.length === found.length && isWithin(other.peer, found.peer, found.length, INET6),
    );
    if (prefix !== undefined && !isShared) this.#tables.ipv6Routes.deleteImplied(prefix);
    if (!this.has(found.local)) this.#tables.ipv6Routes.flushSource(found.local);
  }

  /** Adds what a link has that is up and has a carrier: routes to multicast addresses, and to its addresses. */
  becameReady(device: Device): void {
    if (device.isLoopback && this.of(device.index).length === 0) {
      const request = { ifaIndex: device.index, local: '::1', ifaPrefixlen: 128, ifaScope: RtScope.Host, proto: FROM_LOOPBACK };
      this.add({ ...request, flags: IfaFlags.Nodad }, MessageFlags.Create);
      for (const address of this.of(device.index)) address.flags &= ~IfaFlags.Nodad;
    }
    for (const address of this.of(device.index)) this.#activate(address);
    if (!device.isLoopback) this.#tables.ipv6Routes.addImplied(ipv6MulticastRoute(device));
  }

  /** Deletes the addresses of a link that goes down. */
  deleteAll(device: Device): void {
    const all = this.of(device.index);
    this.#lists.delete(device.index);
    for (const address of all) this.#tables.notify.address('del', addressRow(address, INET6));
  }

  #insert(device: Device, address: FakeAddress): void {
    const list = this.#lists.get(device.index);
    if (list === undefined) this.#lists.set(device.index, [address]);
    else list.push(address);
    const prefix = ipv6PrefixRoute(address);
    if (device.isUp && prefix !== undefined) this.#tables.ipv6Routes.addImplied(prefix);
    if (device.isUp && (address.flags & IfaFlags.Nodad) !== 0) {
      this.#tables.notify.address('new', addressRow(address, INET6), true);
      this.#tables.ipv6Routes.addImplied(ipv6LocalRoute(address));
      return;
    }
    address.flags |= IfaFlags.Tentative;
    this.#tables.notify.address('new', addressRow(address, INET6), true);
    if (device.isOperational) this.#activate(address);
  }

  /** Ends the search for duplicates: the address can be used. */
  #activate(address: FakeAddress): void {
    const prefix = ipv6PrefixRoute(address);
    if (prefix !== undefined) this.#tables.ipv6Routes.addImplied(prefix);
    if ((address.flags & IfaFlags.Tentative) !== 0) {
      address.flags &= ~IfaFlags.Tentative;
      this.#tables.notify.address('new', addressRow(address, INET6));
    }
    this.#tables.ipv6Routes.addImplied(ipv6LocalRoute(address));
  }

  #change(device: Device, address: FakeAddress, request: AddressAttributes): void {
    const before = ipv6PrefixRoute(address);
    address.changeable = changeableOf(request);
    const kept = IfaFlags.Tentative | IfaFlags.Mcautojoin;
    address.flags = (address.flags & kept) | requestedFlags(request);
    const after = ipv6PrefixRoute(address);
    this.#tables.notify.address('new', addressRow(address, INET6), true);
    if (!device.isUp || sameValue(before, after)) return;
    if (before !== undefined) this.#tables.ipv6Routes.deleteImplied(before);
    if (after !== undefined) this.#tables.ipv6Routes.addImplied(after);
  }

  #remove(address: FakeAddress): void {
    const rest = this.of(address.index).filter((other) => other !== address);
    this.#lists.set(address.index, rest);
  }
}

/** Returns the scope that the kernel derives from an IPv6 address. */
function scopeOf(address: string): number {
  if (address === '::1') return RtScope.Host;
  return /^fe[89ab]/.test(address) ? RtScope.Link : RtScope.Universe;
}
