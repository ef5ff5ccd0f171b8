import { IfinfoFlags, type GetlinkReply } from '../../../families/generated/rt-link.js';
import { MessageFlags } from '../../../wire/index.js';
import type { NetworkTables } from '../network-tables.js';
import { Rejection } from '../rejection.js';
import { Device } from './device.js';
import { isKnownKind, kindFacts } from './device-kinds.js';
import { changeFlags, changeLink, checkMac, checkMtu, setQuietly } from './link-changes.js';
import { setMaster } from './ports.js';

type Attributes = Partial<GetlinkReply> & { readonly netNsFd?: number };

/** ifi_change of the notification about a new link. */
const ALL_FLAGS = 0xffff_ffff;

const NOT_MOVED = 'the fake network does not move links between namespaces; create the link there';

const NO_PARENT = 'the fake network has no links whose parent is in another namespace';

const NO_PAIR = 'the fake network has no pairs between namespaces';

/** Creates a link, or changes one that exists (RTM_NEWLINK). @internal */
export function newLink(tables: NetworkTables, request: Attributes, flags: number): void {
  const { netNsFd, ...rest } = request;
  const isNew = (flags & MessageFlags.Exclusive) !== 0;
  if (netNsFd !== undefined && isNew) {
    newLinkIn(tables.tablesOf(netNsFd), rest, flags);
    return;
  }
  const found = tables.links.find(request);
  if (found !== undefined) {
    if (isNew) throw new Rejection('EEXIST');
    if ((flags & MessageFlags.Replace) !== 0) throw new Rejection('EOPNOTSUPP');
    if (netNsFd !== undefined) throw new Rejection('EOPNOTSUPP', NOT_MOVED);
    changeLink(tables, found, request);
    return;
  }
  if ((flags & MessageFlags.Create) === 0) throw new Rejection('ENODEV');
  const kind = request.linkinfo?.kind;
  if (kind === undefined || !isKnownKind(kind)) throw new Rejection('EOPNOTSUPP', 'Unknown device type');
  create(tables, request, kind);
}

/** Creates a link in another namespace. Its parent would be here. */
function newLinkIn(there: NetworkTables | undefined, request: Attributes, flags: number): void {
  if (there === undefined) throw new Rejection('EINVAL');
  if ((request.link ?? 0) !== 0) throw new Rejection('EOPNOTSUPP', NO_PARENT);
  newLink(there, request, flags);
}

/** Changes a link (RTM_SETLINK). @internal */
export function setLink(tables: NetworkTables, request: Attributes): void {
  changeLink(tables, tables.links.get(request), request);
}

/** Deletes a link with its peer and the links above it (RTM_DELLINK). @internal */
export function deleteLink(tables: NetworkTables, request: Attributes): void {
  const device = tables.links.get(request);
  if (device.kind === undefined) throw new Rejection('EOPNOTSUPP');
  const gone = withDependents(tables, device);
  for (const each of gone) if (each.kind === 'veth') each.peer = undefined;
  for (const each of gone) close(tables, each);
  for (const each of gone) unregister(tables, each);
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

function create(tables: NetworkTables, request: Attributes, kind: string): void {
  const data = (request.linkinfo as { readonly data?: { readonly peer?: Attributes } }).data ?? {};
  const { peer: peerRequest, ...options } = data;
  if (peerRequest?.netNsFd !== undefined) throw new Rejection('EOPNOTSUPP', NO_PAIR);
  if (((peerRequest?.ifiFlags ?? 0) & IfinfoFlags.Up) !== 0) throw new Rejection('ENOTCONN');
  const parent = parentOf(tables, request, kind);
  const name = tables.links.newName(request.ifname ?? `${kind}%d`);
  let peer: Device | undefined;
  if (kind === 'veth') {
    const peerName = tables.links.newName(peerRequest?.ifname ?? 'veth%d');
    if (peerName === name) throw new Rejection('EEXIST');
    peer = register(tables, peerRequest ?? {}, kind, peerName);
    tables.notify.link('new', peer.row(undefined, ALL_FLAGS));
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
function withDependents({ links }: NetworkTables, device: Device): readonly Device[] {
  const all = new Set([device]);
  for (const each of all) {
    if (each.peer !== undefined) all.add(each.peer);
    for (const other of links.all()) if (other.parent === each) all.add(other);
  }
  return [...all];
}

function close(tables: NetworkTables, device: Device): void {
  if (!device.isUp) return;
  device.flags &= ~IfinfoFlags.Up;
  tables.notify.link('new', device.row(undefined, IfinfoFlags.Up));
  tables.wentDown(device);
}

function unregister(tables: NetworkTables, device: Device): void {
  for (const port of tables.links.portsOf(device)) setMaster(tables, port, 0);
  if (device.master !== undefined) setMaster(tables, device, 0);
  tables.goes(device);
  tables.links.remove(device);
  tables.notify.link('del', device.row(undefined, ALL_FLAGS), true);
}
