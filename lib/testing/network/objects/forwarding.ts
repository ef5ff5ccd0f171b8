import { NtfFlags, NudState, type GetneighReply } from '../../../families/generated/rt-neigh.js';
import { AddressFamily } from '../../../schema/index.js';
import { MessageFlags } from '../../../wire/index.js';
import type { Device } from '../links/device.js';
import type { NetworkTables } from '../network-tables.js';
import { INET, INET6 } from '../prefixes.js';
import { Rejection } from '../rejection.js';
import { ObjectTable } from './object-table.js';

type Attributes = Partial<GetneighReply>;

const NO_MAC = '00:00:00:00:00:00';

/** The states that a bridge accepts, and those that a VXLAN device accepts. */
const BRIDGE_STATES = NudState.Permanent | NudState.Noarp | NudState.Reachable;
const VXLAN_STATES = NudState.Permanent | NudState.Reachable;

/** The forwarding entries of bridges, of VXLAN devices, and the own addresses of other devices. @internal */
export class ForwardingTable {
  readonly #tables: NetworkTables;
  readonly #objects: ObjectTable<GetneighReply>;

  constructor(tables: NetworkTables) {
    this.#tables = tables;
    this.#objects = new ObjectTable({ keyOf, notify: (change, row) => this.#tables.notify.neighbour(change, row) });
  }

  /** Returns the rows of a dump: those of all links, or of one. */
  rows({ ndmIfindex = 0 }: Attributes): readonly GetneighReply[] {
    return this.#objects.all().filter((row) => ndmIfindex === 0 || row.ndmIfindex === ndmIfindex);
  }

  /** Adds or changes an entry (RTM_NEWNEIGH). @throws Rejection */
  add(request: Attributes, flags: number): void {
    const device = this.#device(request);
    if (((request.ndmFlags ?? 0) & NtfFlags.Master) !== 0) this.#addToBridge(device, request, flags);
    else if (device.kind === 'vxlan') this.#addRemote(device, request, flags);
    else this.#addOwn(device, request, flags);
  }

  /** Deletes entries: of a VXLAN device without a remote, those of all (RTM_DELNEIGH). @throws Rejection */
  delete(request: Attributes): void {
    const device = this.#device(request);
    const { ndmFlags = 0, ndmState = 0, lladdr, dst } = request;
    const inBridge = (ndmFlags & NtfFlags.Master) !== 0;
    if (inBridge) bridgeOf(device);
    else if (device.kind !== 'vxlan' && (ndmState & NudState.Permanent) === 0)
      throw new Rejection('EINVAL', 'FDB only supports static addresses');
    const isMeant = (row: GetneighReply): boolean =>
      row.ndmIfindex === device.index && row.lladdr === lladdr && (row.master !== undefined) === inBridge && (dst ?? row.dst) === row.dst;
    if (!this.#objects.all().some(isMeant)) throw new Rejection('ENOENT');
    this.#objects.removeAll(isMeant, 'request');
  }

  /** A link has got a master, or another address: the bridge has the address of its port. */
  addOwnOf(port: Device): void {
    if (port.master?.kind === 'bridge') this.#putOwn(port, port.master);
  }

  /** A bridge has got an address that no port has. */
  addOwnOfBridge(bridge: Device): void {
    this.#putOwn(bridge, bridge);
  }

  /** Deletes the entry that a bridge has of its port, or of itself. */
  removeOwnOf({ index, mac }: Device): void {
    this.#objects.removeAll((row) => row.ndmIfindex === index && row.master !== undefined && row.lladdr === mac, 'consequence');
  }

  /** Deletes what a bridge learned over a port that goes down. */
  flushLearned({ index }: Device): void {
    const isLearned = ({ ndmIfindex, master, ndmState }: GetneighReply): boolean =>
      ndmIfindex === index && master !== undefined && (ndmState & (NudState.Permanent | NudState.Noarp)) === 0;
    this.#objects.removeAll(isLearned, 'consequence');
  }

  /** Deletes the entries over a port that leaves its bridge. */
  flushPort({ index }: Device): void {
    this.#objects.removeAll((row) => row.ndmIfindex === index && row.master !== undefined, 'consequence');
  }

  /** Deletes all entries of a link that goes away. */
  flush({ index }: Device): void {
    this.#objects.removeAll((row) => row.ndmIfindex === index || row.master === index, 'consequence');
  }

  #putOwn({ index, mac }: Device, bridge: Device): void {
    const row = rowOf(index, { lladdr: mac, ndmState: NudState.Permanent }, { master: bridge.index });
    if (mac !== NO_MAC && this.#objects.find(row) === undefined) this.#objects.put(row, 'consequence');
  }

  /** Adds an entry of a bridge, as `fdb_add_entry()` does: one that is there moves to the port of the request. */
  #addToBridge(port: Device, request: Attributes, flags: number): void {
    const { ndmState = 0, ndmFlags = 0, lladdr = NO_MAC, vlan = 0 } = request;
    const bridge = bridgeOf(port);
    if (lladdr === NO_MAC || vlan !== 0 || (ndmState & BRIDGE_STATES) === 0) throw new Rejection('EINVAL');
    const row = rowOf(port.index, { lladdr, ndmState }, { ndmFlags: ndmFlags & NtfFlags.Sticky, master: bridge.index });
    this.#objects.write(row, flags);
  }

  /** Adds a remote of a VXLAN device, as `vxlan_fdb_update()` does. */
  #addRemote(device: Device, request: Attributes, flags: number): void {
    const { ndmState = 0, lladdr = NO_MAC, dst, nhId, vni, srcVni, port, ifindex } = request;
    if ((ndmState & VXLAN_STATES) === 0 || (dst === undefined && nhId === undefined)) throw new Rejection('EINVAL');
    const family = 'group6' in device.data || 'local6' in device.data ? INET6 : INET;
    if (dst !== undefined && dst.includes(':') !== (family === INET6)) throw new Rejection('EAFNOSUPPORT');
    const given = Object.entries({ dst, nhId, vni, srcVni, port, ifindex }).filter(([, value]) => value !== undefined);
    const row = rowOf(device.index, { lladdr, ndmState }, { ndmFlags: NtfFlags.Self, ndmType: 'unicast', ...Object.fromEntries(given) });
    // Another remote of unknown receivers stands beside those that are there; one that is there is kept.
    const isBeside = floods(lladdr) && (flags & MessageFlags.Append) !== 0;
    if (isBeside && this.#objects.find(row) !== undefined) return;
    this.#objects.write(row, flags);
  }

  /** Adds an address that a device accepts packets for (`ndo_dflt_fdb_add()`). */
  #addOwn(device: Device, request: Attributes, flags: number): void {
    const { ndmState = 0, lladdr = NO_MAC } = request;
    if ((ndmState & NudState.Permanent) === 0) throw new Rejection('EINVAL', 'FDB only supports static addresses');
    this.#objects.write(rowOf(device.index, { lladdr, ndmState: NudState.Permanent }, { ndmFlags: NtfFlags.Self }), flags);
  }

  #device({ ndmIfindex = 0, lladdr }: Attributes): Device {
    if (ndmIfindex === 0) throw new Rejection('EINVAL', 'invalid ifindex');
    const device = this.#tables.links.byIndex(ndmIfindex);
    if (device === undefined) throw new Rejection('ENODEV', 'unknown ifindex');
    if (lladdr === undefined) throw new Rejection('EINVAL', 'invalid address');
    return device;
  }
}

/** Returns the bridge of a port. @throws Rejection if the link is not the port of one. */
function bridgeOf({ master }: Device): Device {
  if (master?.kind !== 'bridge') throw new Rejection('EOPNOTSUPP');
  return master;
}

/** Returns true for unknown receivers, and for groups of multicast: their entries can have several remotes. */
function floods(mac: string): boolean {
  return mac === NO_MAC || (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
}

/** An address stands once in a bridge, whatever its port. */
function keyOf({ ndmIfindex, master, lladdr = NO_MAC, srcVni = 0, dst, port, vni, ifindex }: GetneighReply): string {
  if (master !== undefined) return `bridge ${master} ${lladdr}`;
  const remote = floods(lladdr) ? [dst, port, vni, ifindex].join(' ') : '';
  return `device ${ndmIfindex} ${lladdr} ${srcVni} ${remote}`;
}

function rowOf(index: number, { lladdr, ndmState }: Attributes, more: Attributes): GetneighReply {
  return {
    ...{ ndmFamily: AddressFamily.Bridge, ndmIfindex: index, ndmState, ndmFlags: 0, ndmType: 'unspec', lladdr },
    ...{ cacheinfo: { confirmed: 0, used: 0, updated: 0, refcnt: 0 } },
    ...more,
  } as GetneighReply;
}
