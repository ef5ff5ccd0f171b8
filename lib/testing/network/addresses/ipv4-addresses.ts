import { IfaFlags, type GetaddrReply } from '../../../families/generated/rt-addr.js';
import { MessageFlags } from '../../../wire/index.js';
import type { Device } from '../links/device.js';
import type { NetworkTables } from '../network-tables.js';
import { INET, isWithin } from '../prefixes.js';
import { Rejection } from '../rejection.js';
import { addressRow, changeableOf, requestedFlags, type AddressAttributes, type FakeAddress } from './address-attributes.js';
import { ipv4Routes, sameRoute, type ImpliedRoute } from './implied-routes.js';

/** The place of `promote_secondaries` among the settings of a link. */
const PROMOTE_SECONDARIES = 19;

/** The IPv4 addresses of links, in the order of the kernel: primary addresses by scope, then secondary ones. @internal */
export class Ipv4Addresses {
  readonly #tables: NetworkTables;
  readonly #lists = new Map<number, readonly FakeAddress[]>();

  constructor(tables: NetworkTables) {
    this.#tables = tables;
  }

  of(index: number): readonly FakeAddress[] {
    return this.#lists.get(index) ?? [];
  }

  rows(): readonly GetaddrReply[] {
    return [...this.#tables.links.all()].flatMap(({ index }) => this.of(index).map((address) => addressRow(address, INET)));
  }

  /** Returns true if an address is one of this host. */
  has(local: string): boolean {
    return [...this.#lists.values()].some((list) => list.some((address) => address.local === local));
  }

  /** Returns the first address of a link that a packet to a gateway would have. */
  sourceOn(index: number, towards?: string): string | undefined {
    const list = this.of(index);
    const near = towards === undefined ? undefined : list.find(({ peer, length }) => isWithin(towards, peer, length, INET));
    return (near ?? list[0])?.local;
  }

  /** Adds or changes an address (RTM_NEWADDR). @throws Rejection */
  add(request: AddressAttributes, flags: number): void {
    const device = this.#tables.links.byIndex(request.ifaIndex ?? 0);
    if (device === undefined) throw new Rejection('ENODEV', 'ipv4: Device not found');
    if (request.local === undefined) throw new Rejection('EINVAL', 'ipv4: Local address is not supplied');
    const address = readAddress(request, request.local, device);
    const same = this.of(device.index).filter((other) => inSameSubnet(other, address));
    const found = same.find(({ local }) => local === address.local);
    if (found === undefined) this.#insert(device, address, same);
    else if ((flags & MessageFlags.Exclusive) !== 0 || (flags & MessageFlags.Replace) === 0)
      throw new Rejection('EEXIST', 'ipv4: Address already assigned');
    else this.#change(device, found, request);
  }

  /** Deletes an address (RTM_DELADDR). @throws Rejection */
  delete(request: AddressAttributes): void {
    const device = this.#tables.links.byIndex(request.ifaIndex ?? 0);
    if (device === undefined) throw new Rejection('ENODEV', 'ipv4: Device not found');
    const { local, label, address, ifaPrefixlen = 32 } = request;
    const found = this.of(device.index).find(
      (each) =>
        (local === undefined || each.local === local) &&
        (label === undefined || each.label === label) &&
        (address === undefined || (each.length === ifaPrefixlen && isWithin(address, each.peer, each.length, INET))),
    );
    if (found === undefined) throw new Rejection('EADDRNOTAVAIL', 'ipv4: Address not found');
    this.#delete(device, found, true);
  }

  /** Adds the routes that a link lost when it went down. */
  restoreRoutes(device: Device): void {
    for (const route of this.#impliedBy(device)) this.#tables.ipv4Routes.addImplied(route);
  }

  /** Deletes the addresses of a link that goes away. */
  deleteAll(device: Device): void {
    for (let [first] = this.of(device.index); first !== undefined; [first] = this.of(device.index)) this.#delete(device, first, false);
    this.#lists.delete(device.index);
  }

  /** Gives the labels of a renamed link the new name (`devinet_changename()`). */
  renamed({ name, index }: Device, before: string): void {
    for (const address of this.of(index)) {
      if (address.label?.split(':')[0] === before) address.label = `${name}${address.label.slice(before.length)}`;
      this.#tables.notify.address('new', addressRow(address, INET));
    }
  }

  #insert(device: Device, address: FakeAddress, same: readonly FakeAddress[]): void {
    if (same.some(({ scope }) => scope !== address.scope)) throw new Rejection('EINVAL', 'ipv4: Invalid scope value');
    const list = this.of(device.index);
    if (same.length > 0) address.flags |= IfaFlags.Secondary;
    const isBefore = (other: FakeAddress): boolean => !isSecondary(other) && address.scope <= other.scope;
    const place = isSecondary(address) ? list.length : list.findLastIndex(isBefore) + 1;
    this.#lists.set(device.index, list.toSpliced(place, 0, address));
    this.#tables.notify.address('new', addressRow(address, INET), true);
    for (const route of ipv4Routes(address, primaryOf(address, same), device)) this.#tables.ipv4Routes.addImplied(route);
  }

  /** The kernel acknowledges another scope, label or broadcast address, and ignores it. */
  #change(device: Device, address: FakeAddress, request: AddressAttributes): void {
    const before = this.#impliedBy(device);
    address.changeable = changeableOf(request);
    this.#updateRoutes(device, before);
    this.#tables.notify.address('new', addressRow(address, INET), true);
  }

  #delete(device: Device, address: FakeAddress, isCaused: boolean): void {
    const rest = this.of(device.index).filter((other) => other !== address);
    const secondaries = isSecondary(address) ? [] : rest.filter((other) => isSecondary(other) && inSameSubnet(other, address));
    const isPromoted = device.conf[PROMOTE_SECONDARIES] === 1;
    if (!isPromoted) for (const secondary of secondaries) this.#remove(device, secondary, false);
    this.#remove(device, address, isCaused, isPromoted ? secondaries[0] : undefined);
  }

  #remove(device: Device, address: FakeAddress, isCaused: boolean, successor?: FakeAddress): void {
    const before = this.#impliedBy(device);
    const rest = this.of(device.index).filter((other) => other !== address && other !== successor);
    if (successor !== undefined) successor.flags &= ~IfaFlags.Secondary;
    this.#lists.set(device.index, successor === undefined ? rest : [successor, ...rest]);
    this.#tables.notify.address('del', addressRow(address, INET), isCaused);
    if (successor !== undefined) this.#tables.notify.address('new', addressRow(successor, INET));
    this.#updateRoutes(device, before);
    // The kernel flushes these silently.
    if (!this.has(address.local)) this.#tables.ipv4Routes.flushSource(address.local);
    if (this.of(device.index).length === 0) this.#tables.ipv4Routes.flushDevice(device.index);
  }

  /** Brings the routes of the addresses of a link up to date. */
  #updateRoutes(device: Device, before: readonly ImpliedRoute[]): void {
    const after = this.#impliedBy(device);
    const lacks = (list: readonly ImpliedRoute[], route: ImpliedRoute): boolean => !list.some((other) => sameRoute(other, route));
    for (const route of after) if (lacks(before, route)) this.#tables.ipv4Routes.addImplied(route);
    // The route to the address itself goes last (fib_del_ifaddr()).
    const gone = before.filter((route) => lacks(after, route));
    for (const route of [...gone.filter((each) => !isOwn(each)), ...gone.filter(isOwn)]) this.#tables.ipv4Routes.deleteImplied(route);
  }

  #impliedBy(device: Device): readonly ImpliedRoute[] {
    const list = this.of(device.index);
    return list.flatMap((address) => {
      const same = list.filter((other) => other !== address && inSameSubnet(other, address));
      return ipv4Routes(address, primaryOf(address, same), device);
    });
  }
}

function readAddress(request: AddressAttributes, local: string, device: Device): FakeAddress {
  const { address = local, ifaPrefixlen = 32, ifaScope = 0, broadcast, label } = request;
  return {
    ...{ index: device.index, local, peer: address, length: ifaPrefixlen, scope: ifaScope, broadcast },
    ...{ label: label ?? device.name, flags: requestedFlags(request), changeable: changeableOf(request) },
  };
}

/** Returns true for the route to an address itself. */
function isOwn({ type, length }: ImpliedRoute): boolean {
  return type === 'local' && length === 32;
}

function isSecondary({ flags }: FakeAddress): boolean {
  return (flags & IfaFlags.Secondary) !== 0;
}

function inSameSubnet(one: FakeAddress, other: FakeAddress): boolean {
  return one.length === other.length && isWithin(one.peer, other.peer, one.length, INET);
}

/** Returns the primary address of a subnet: the source of the routes of its secondary addresses. */
function primaryOf(address: FakeAddress, same: readonly FakeAddress[]): FakeAddress {
  return isSecondary(address) ? (same.find((other) => !isSecondary(other)) ?? address) : address;
}
