import { IfinfoFlags, type GetlinkReply } from '../../../families/generated/rt-link.js';
import { hostIsLittleEndian } from '../../../wire/index.js';
import type { NetworkTables } from '../network-tables.js';
import { Rejection } from '../rejection.js';
import type { Device } from './device.js';
import { portsChanged, setMaster } from './ports.js';

/** Flags that a program can set; the others follow from the state. */
const SETTABLE =
  IfinfoFlags.Up | IfinfoFlags.NoArp | IfinfoFlags.Multicast | IfinfoFlags.AllMulti | IfinfoFlags.Promisc | IfinfoFlags.Dynamic;

type Attributes = Partial<GetlinkReply>;

/** Changes a link in the order of the kernel's `do_setlink()`. What precedes a refused attribute is done. @internal */
export function changeLink(tables: NetworkTables, device: Device, request: Attributes): void {
  const notified = changeKind(tables, device, request);
  if (request.address !== undefined) setMac(tables, device, request.address);
  if (request.mtu !== undefined) setMtu(tables, device, request.mtu);
  if (request.ifname !== undefined && request.ifname !== device.name && !device.altnames.includes(request.ifname))
    rename(tables, device, request.ifname);
  const quiet = setQuietly(device, request);
  if (request.master !== undefined) setMaster(tables, device, request.master);
  if ((request.ifiFlags ?? 0) !== 0 || (request.ifiChange ?? 0) !== 0) changeFlags(tables, device, request);
  // The kernel notifies of these only while the link is up (netdev_state_change()).
  if ((quiet || notified) && device.isUp) tables.notify.link('new', device.row());
}

/** Sets attributes that need no check; returns true if a subscriber has to be notified. @internal */
export function setQuietly(device: Device, request: Attributes): boolean {
  const { ifalias, group, txqlen, afSpec } = request;
  if (ifalias !== undefined) device.alias = ifalias;
  if (group !== undefined) device.group = group;
  if (txqlen !== undefined) device.txqlen = txqlen;
  device.keep(request);
  if (afSpec?.inet?.conf !== undefined) writeConf(device.conf, afSpec.inet.conf);
  const mode = afSpec?.inet6?.addrGenMode;
  if (mode !== undefined) device.addrGenMode = String(mode);
  return ifalias !== undefined || group !== undefined || txqlen !== undefined;
}

/** Sets members of struct ipv4_devconf. A request nests them: a word of length and type (the place, from 1), and a word of the value. */
function writeConf(conf: number[], words: readonly number[]): void {
  for (let at = 0; at + 1 < words.length; at += 2) {
    const type = hostIsLittleEndian ? words[at]! >>> 16 : words[at]! & 0xffff;
    conf[type - 1] = words[at + 1]!;
  }
}

/** Sets flags by the mask of a request, and does what follows from up and down. @param created - For a new link. @internal */
export function changeFlags(tables: NetworkTables, device: Device, { ifiFlags = 0, ifiChange = 0 }: Attributes, created = false): void {
  // Without a mask, the flags are meant as a whole.
  const mask = (ifiChange === 0 ? SETTABLE : ifiChange) & SETTABLE;
  const before = device.flags;
  const wasUp = device.isUp;
  device.flags = (device.flags & ~mask) | (ifiFlags & mask);
  const changed = before ^ device.flags;
  if (changed === 0 && !created) return;
  const carriers = device.isUp === wasUp ? [] : tables.carriers.update([device, device.peer]);
  tables.notify.link('new', device.row(undefined, created ? 0xffff_ffff : changed >>> 0), created);
  if ((changed & IfinfoFlags.NoArp) !== 0) tables.neighbours.flush(device);
  if (device.isUp === wasUp) return;
  if (device.isUp) tables.wentUp(device);
  else tables.wentDown(device);
  tables.carriers.settle([...carriers, ...tables.carriers.update(tables.carriers.above(device))]);
}

/** Writes the options of a kind and of a port. */
function changeKind({ notify }: NetworkTables, device: Device, { linkinfo }: Attributes): boolean {
  if (linkinfo === undefined) return false;
  const { kind, data, slaveData, slaveKind } = linkinfo as { kind?: string; data?: object; slaveData?: object; slaveKind?: string };
  if (data !== undefined) {
    if (kind !== device.kind) throw new Rejection('EOPNOTSUPP');
    Object.assign(device.data, data);
  }
  if (slaveData !== undefined) {
    if (device.master?.facts.portData === undefined || (slaveKind !== undefined && slaveKind !== device.master.kind))
      throw new Rejection('EOPNOTSUPP');
    Object.assign(device.portData, slaveData);
    notify.link('new', device.row());
  }
  return data !== undefined;
}

function setMac(tables: NetworkTables, device: Device, mac: string): void {
  if (device.facts.hasFixedMac === true) throw new Rejection('EOPNOTSUPP');
  checkMac(mac);
  device.isMacSet = true;
  if (mac === device.mac) return;
  tables.forwarding.removeOwnOf(device);
  device.mac = mac;
  tables.forwarding.addOwnOf(device);
  if (device.kind === 'bridge') tables.forwarding.addOwnOfBridge(device);
  tables.notify.link('new', device.row());
  tables.neighbours.flush(device);
  if (device.master !== undefined) portsChanged(tables, device.master);
}

function setMtu(tables: NetworkTables, device: Device, mtu: number): void {
  checkMtu(device, mtu);
  device.isMtuSet = true;
  if (mtu === device.mtu) return;
  device.mtu = mtu;
  tables.notify.link('new', device.row());
  if (device.master !== undefined) portsChanged(tables, device.master);
}

function rename(tables: NetworkTables, device: Device, name: string): void {
  const before = device.name;
  tables.links.rename(device, name);
  tables.notify.link('new', device.row());
  tables.ipv4Addresses.renamed(device, before);
}

/** @throws Rejection if an Ethernet link cannot have an address. @internal */
export function checkMac(mac: string): void {
  const isMulticast = (parseInt(mac.slice(0, 2), 16) & 1) === 1;
  if (isMulticast || mac === '00:00:00:00:00:00') throw new Rejection('EADDRNOTAVAIL');
}

/** @throws Rejection if a link cannot have an MTU. @internal */
export function checkMtu({ facts: { minMtu, maxMtu } }: Device, mtu: number): void {
  if (mtu < minMtu) throw new Rejection('EINVAL', 'mtu less than device minimum');
  if (maxMtu > 0 && mtu > maxMtu) throw new Rejection('EINVAL', 'mtu greater than device maximum');
}
