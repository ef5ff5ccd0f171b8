import { IfinfoFlags, type GetlinkReply } from '../../../families/generated/rt-link.js';
import { MessageFlags } from '../../../wire/index.js';
import type { NetworkTables } from '../network-tables.js';
import { Rejection } from '../rejection.js';
import { Device } from './device.js';
import { isKnownKind, kindFacts } from './device-kinds.js';
import { changeFlags, changeLink, checkMac, checkMtu, setQuietly } from './link-changes.js';
import { close, leave, moveLink } from './move-link.js';
import { setMaster } from './ports.js';

type Attributes = Partial<GetlinkReply> & { readonly netNsFd?: number };

/** ifi_change of the notification about a new link. */
const ALL_FLAGS = 0xffff_ffff;

/** Creates a link, or changes one that exists (RTM_NEWLINK). @internal */
export function newLink(tables: NetworkTables, request: Attributes, flags: number): void {
  const { Exclusive, Replace, Create } = MessageFlags;
  const isNew = (flags & Exclusive) !== 0;
  const target = targetOf(tables, request);
  const found = (isNew ? target : tables).links.find(request);
  if (found !== undefined) {
    if (isNew) throw new Rejection('EEXIST');
    if ((flags & Replace) !== 0) throw new Rejection('EOPNOTSUPP');
    setLink(tables, request);
    return;
  }
  if ((flags & Create) === 0) throw new Rejection('ENODEV');
  const kind = request.linkinfo?.kind;
  if (kind === undefined || !isKnownKind(kind)) throw new Rejection('EOPNOTSUPP', 'Unknown device type');
  create(tables, target, request, kind);
}

/** Changes a link, after a move to another namespace if the request has one (RTM_SETLINK). @internal */
export function setLink(tables: NetworkTables, request: Attributes): void {
  const device = tables.links.get(request);
  const target = targetOf(tables, request);
  if (target !== tables) moveLink(tables, device, target, request.ifname);
  changeLink(target, device, request);
}

/** Returns the tables of the namespace that a request names; those of the sender if it names none. */
function targetOf(tables: NetworkTables, { netNsFd }: Attributes): NetworkTables {
  const target = netNsFd === undefined ? tables : tables.tablesOf(netNsFd);
  if (target === undefined) throw new Rejection('EINVAL');
  return target;
}

/** Deletes a link with its peer and the links above it (RTM_DELLINK). @internal */
export function deleteLink(tables: NetworkTables, request: Attributes): void {
  const device = tables.links.get(request);
  if (device.kind === undefined) throw new Rejection('EOPNOTSUPP');
  const gone = withDependents(tables, device);
  for (const each of gone) if (each.kind === 'veth') each.peer = undefined;
  for (const each of gone) close(tables.homeOf(each), each);
  for (const each of gone) unregister(tables.homeOf(each), each, tables);
}

/** Adds or removes alternative names (RTM_NEWLINKPROP, RTM_DELLINKPROP). @internal */
export function changeAltnames(tables: NetworkTables, request: Attributes, change: 'add' | 'remove'): void {
  const device = tables.links.get(request);
  for (const name of request.propList?.altIfname ?? []) {
    if (change === 'add') tables.links.addAltname(device, name);
    else tables.links.removeAltname(device, name);
  }
  tables.notify.link('new', device.row());
}

/** @param here - The namespace of the sender, which has the parent of the link and the other end of a pair. */
function create(here: NetworkTables, tables: NetworkTables, request: Attributes, kind: string): void {
  const data = (request.linkinfo as { readonly data?: { readonly peer?: Attributes } }).data ?? {};
  const { peer: peerRequest, ...options } = data;
  if (((peerRequest?.ifiFlags ?? 0) & IfinfoFlags.Up) !== 0) throw new Rejection('ENOTCONN');
  const parent = parentOf(here, request, kind);
  const name = tables.links.newName(request.ifname ?? `${kind}%d`);
  let peer: Device | undefined;
  if (kind === 'veth') {
    const other = targetOf(here, peerRequest ?? {});
    const peerName = other.links.newName(peerRequest?.ifname ?? 'veth%d');
    if (other === tables && peerName === name) throw new Rejection('EEXIST');
    peer = register(other, peerRequest ?? {}, kind, peerName);
    other.notify.link('new', peer.row(undefined, ALL_FLAGS));
  }
  const device = register(tables, request, kind, name, parent);
  Object.assign(device.data, options);
  if (peer !== undefined) [peer.peer, device.peer] = [device, peer];
  changeFlags(tables, device, request, true);
  if (request.master !== undefined && request.master !== 0) setMaster(tables, device, request.master);
}

/** Returns the parent of a new link. @throws Rejection if it does not exist, or is missing. */
function parentOf({ links }: NetworkTables, { link = 0 }: Attributes, kind: string): Device | undefined {
  const { needsParent } = kindFacts(kind);
  const parent = kind === 'veth' || link === 0 ? undefined : links.byIndex(link);
  if (parent === undefined && (link !== 0 || needsParent === true)) throw new Rejection(link === 0 ? 'EINVAL' : 'ENODEV');
  return parent;
}

function register(tables: NetworkTables, request: Attributes, kind: string, name: string, parent?: Device): Device {
  const facts = parent === undefined ? kindFacts(kind) : { ...kindFacts(kind), mtu: parent.mtu, maxMtu: parent.mtu };
  const draft = new Device(request.ifiIndex ?? 0, name, kind, facts);
  if (request.mtu !== undefined) checkMtu(draft, request.mtu);
  if (request.address !== undefined) checkMac(request.address);
  const device = new Device(tables.links.newIndex(request.ifiIndex ?? 0), name, kind, facts);
  device.parent = parent;
  device.queues = { tx: request.numTxQueues ?? 1, rx: request.numRxQueues ?? 1 };
  if (request.mtu !== undefined) [device.mtu, device.isMtuSet] = [request.mtu, true];
  if (request.address !== undefined) [device.mac, device.isMacSet] = [request.address, true];
  setQuietly(device, request);
  tables.links.add(device);
  if (tables.carriers.update([device]).length > 0) device.operstate = 'up';
  return device;
}

/** Returns a link, its peer, and the links above them. */
function withDependents({ everywhere }: NetworkTables, device: Device): readonly Device[] {
  const links = [...everywhere()].flatMap((tables) => [...tables.links.all()]);
  const all = new Set([device]);
  for (const each of all) {
    if (each.peer !== undefined) all.add(each.peer);
    for (const other of links) if (other.parent === each) all.add(other);
  }
  return [...all];
}

/** @param here - The namespace of the request. */
function unregister(home: NetworkTables, device: Device, here: NetworkTables): void {
  leave(home, device);
  home.notify.link('del', device.row(undefined, ALL_FLAGS), home === here);
}
