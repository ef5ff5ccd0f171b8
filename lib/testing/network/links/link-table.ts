import type { GetlinkReply } from '../../../families/generated/rt-link.js';
import { Rejection } from '../rejection.js';
import type { Device, Home } from './device.js';

/** IFNAMSIZ - 1. */
const NAME_LENGTH = 15;

/** The links of the fake network by their indexes, names and alternative names. @internal */
export class LinkTable {
  readonly #home: Home;
  readonly #devices = new Map<number, Device>();
  readonly #names = new Map<string, Device>();
  #nextIndex = 1;

  constructor(home: Home) {
    this.#home = home;
  }

  /** Returns all links by ascending indexes. */
  all(): Iterable<Device> {
    return [...this.#devices.values()].sort((one, other) => one.index - other.index);
  }

  byIndex(index: number): Device | undefined {
    return this.#devices.get(index);
  }

  byName(name: string): Device | undefined {
    return this.#names.get(name);
  }

  portsOf(master: Device): readonly Device[] {
    return [...this.#devices.values()].filter((device) => device.master === master);
  }

  /** Returns the index for a new link. @throws Rejection if the wanted one is in use. */
  newIndex(wanted: number): number {
    if (wanted > 0) {
      if (this.#devices.has(wanted)) throw new Rejection('EBUSY');
      return wanted;
    }
    while (this.#devices.has(this.#nextIndex)) this.#nextIndex++;
    return this.#nextIndex++;
  }

  /** Returns a free and valid name: with `%d` in it, the first one with a number that is free. @throws Rejection */
  newName(pattern: string): string {
    let name = pattern;
    for (let number = 0; pattern.includes('%d') && (number === 0 || this.#names.has(name)); number++)
      name = pattern.replace('%d', String(number));
    if (!isValidName(name)) throw new Rejection('EINVAL');
    if (this.#names.has(name)) throw new Rejection('EEXIST');
    return name;
  }

  add(device: Device): void {
    device.home = this.#home;
    this.#devices.set(device.index, device);
    for (const name of [device.name, ...device.altnames]) this.#names.set(name, device);
  }

  rename(device: Device, name: string): void {
    const free = this.newName(name);
    this.#names.delete(device.name);
    device.name = free;
    this.#names.set(free, device);
  }

  addAltname(device: Device, name: string): void {
    if (this.#names.has(name)) throw new Rejection('EEXIST');
    device.altnames = [...device.altnames, name];
    this.#names.set(name, device);
  }

  removeAltname(device: Device, name: string): void {
    const owner = this.#names.get(name);
    if (owner === undefined) throw new Rejection('ENOENT');
    if (owner !== device || device.name === name) throw new Rejection('EINVAL');
    device.altnames = device.altnames.filter((other) => other !== name);
    this.#names.delete(name);
  }

  remove(device: Device): void {
    this.#devices.delete(device.index);
    for (const name of [device.name, ...device.altnames]) this.#names.delete(name);
  }

  /** Returns the link that a request selects by its index, or else by a name. */
  find({ ifiIndex, ifname, altIfname }: Partial<GetlinkReply>): Device | undefined {
    if (ifiIndex !== undefined && ifiIndex > 0) return this.byIndex(ifiIndex);
    const name = ifname ?? altIfname;
    return name === undefined ? undefined : this.byName(name);
  }

  /** Returns the link that a request selects. @throws Rejection if there is none, or the request selects none. */
  get(request: Partial<GetlinkReply>): Device {
    const found = this.find(request);
    if (found !== undefined) return found;
    const isNamed = (request.ifiIndex ?? 0) > 0 || request.ifname !== undefined || request.altIfname !== undefined;
    throw new Rejection(isNamed ? 'ENODEV' : 'EINVAL');
  }

  /** Returns the rows of a dump. */
  dump({ master, linkinfo, extMask = 0 }: Partial<GetlinkReply>): readonly GetlinkReply[] {
    const wanted = [...this.all()].filter(
      (device) =>
        (master === undefined || device.master?.index === master) && (linkinfo?.kind === undefined || device.kind === linkinfo.kind),
    );
    return wanted.map((device) => device.row(extMask));
  }
}

function isValidName(name: string): boolean {
  const length = new TextEncoder().encode(name).byteLength;
  return length > 0 && length <= NAME_LENGTH && name !== '.' && name !== '..' && !/[/:\s]/.test(name);
}
