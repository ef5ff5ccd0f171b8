import { omitUndefined } from '../../check/index.js';
import type { InetReply, NetlinkReply, PacketReply, SkMeminfo, UnixReply, VsockReply, XdpReply } from '../../families/sock_diag.js';
import { unixName } from '../../families/sock_diag.js';
import { withJson } from '../common/json.js';
import { withRow } from '../common/written.js';
import type { LinkNames } from '../names/link-names.js';
import { netlinkDetails, packetDetails, unixDetails, xdpDetails } from './other-details.js';
import type { NetlinkSocketEntry, PacketSocket, SocketMemory, UnixSocket, VsockEndpoint, VsockSocket, XdpSocket } from './socket-entry.js';

/** Returns an object that carries its row, and that JSON can write. @internal */
export function socketObject<T>(object: object, row: object): T {
  return withJson(withRow(omitUndefined(object), row)) as T;
}

/** @internal */
export function cookieOf([low = 0, high = 0]: readonly number[]): bigint {
  return BigInt(low) | (BigInt(high) << 32n);
}

/** Returns an inode; undefined for 0: no process has the socket open. @internal */
export function inodeOf(inode: number): number | undefined {
  return inode === 0 ? undefined : inode;
}

/** @internal */
export function memoryOf(memory: SkMeminfo | undefined): SocketMemory | undefined {
  if (memory === undefined) return undefined;
  return {
    receive: memory.rmemAlloc,
    receiveLimit: memory.rcvbuf,
    send: memory.wmemAlloc,
    sendLimit: memory.sndbuf,
    reserved: memory.fwdAlloc,
    sendQueue: memory.wmemQueued,
    options: memory.optmem,
    backlog: memory.backlog,
    drops: memory.drops,
  };
}

/** Returns the closed directions (`RCV_SHUTDOWN` 1, `SEND_SHUTDOWN` 2). @internal */
export function shutdownOf(bits = 0): 'receive' | 'send' | 'both' | undefined {
  return ([undefined, 'receive', 'send', 'both'] as const)[bits & 3];
}

/** Returns the queues of a socket whose row has its memory only. */
function queuesOf(memory: SkMeminfo | undefined): object | undefined {
  return memory === undefined ? undefined : { receive: memory.rmemAlloc, send: memory.wmemAlloc };
}

/** Returns the link of a socket; undefined if it is bound to none. @internal */
export function boundTo(index: number | undefined, names: LinkNames): object {
  return index === undefined || index === 0 ? {} : { link: names.nameOf(index), linkIndex: index };
}

/** Translates rows of Unix sockets, all of them: a row names its peer by the inode. @internal */
export function unixSockets(rows: readonly UnixReply[]): readonly UnixSocket[] {
  const names = new Map(rows.flatMap(({ ino, name }) => (name === undefined || name.byteLength === 0 ? [] : [[ino, unixName(name)]])));
  return rows.map((row) => {
    const { ino, peer, rqlen } = row;
    const [own, other] = [names.get(ino), peer === undefined ? undefined : names.get(peer)];
    const socket = {
      protocol: 'unix',
      type: row.type,
      state: row.state,
      local: own === undefined ? undefined : { address: own },
      remote: peer === undefined || peer === 0 ? undefined : omitUndefined({ inode: peer, address: other }),
      inode: ino,
      uid: row.uid,
      queues: rqlen === undefined ? undefined : { receive: rqlen.rqueue, send: rqlen.wqueue },
      memory: memoryOf(row.meminfo),
      shutdown: shutdownOf(row.shutdown),
      unix: unixDetails(row),
      cookie: cookieOf(row.cookie),
    };
    return socketObject(socket, row);
  });
}

/** @internal */
export function netlinkSocket(row: NetlinkReply): NetlinkSocketEntry {
  const { type, state, ino, meminfo, cookie } = row;
  const socket = {
    protocol: 'netlink',
    type,
    state,
    inode: inodeOf(ino),
    queues: queuesOf(meminfo),
    memory: memoryOf(meminfo),
    netlink: netlinkDetails(row),
    cookie: cookieOf(cookie),
  };
  return socketObject(socket, row);
}

/** @internal */
export function packetSocket(row: PacketReply, names: LinkNames): PacketSocket {
  const { type, ino, uid, info, meminfo, cookie } = row;
  const socket = {
    protocol: 'packet',
    type,
    state: 'close',
    ...boundTo(info?.index, names),
    inode: inodeOf(ino),
    uid,
    queues: queuesOf(meminfo),
    memory: memoryOf(meminfo),
    packet: packetDetails(row),
    cookie: cookieOf(cookie),
  };
  return socketObject(socket, row);
}

/** `VMADDR_CID_ANY` and `VMADDR_PORT_ANY`. */
const ANY = 0xffff_ffff;

/** @internal */
export function vsockSocket(row: VsockReply): VsockSocket {
  const end = (cid: number, port: number): VsockEndpoint => ({ cid: cid === ANY ? 'any' : cid, port: port === ANY ? 'any' : port });
  const { type, state, srcCid, srcPort, dstCid, dstPort, ino, cookie, shutdown } = row;
  const socket = {
    protocol: 'vsock',
    type,
    state,
    local: end(srcCid, srcPort),
    remote: dstCid === ANY && dstPort === ANY ? undefined : end(dstCid, dstPort),
    inode: inodeOf(ino),
    shutdown: shutdownOf(shutdown),
    cookie: cookieOf(cookie),
  };
  return socketObject(socket, row);
}

/** @internal */
export function xdpSocket(row: XdpReply, names: LinkNames): XdpSocket {
  const { type, ino, uid, info, meminfo, cookie } = row;
  const socket = {
    protocol: 'xdp',
    type,
    state: 'close',
    ...boundTo(info?.ifindex, names),
    inode: inodeOf(ino),
    uid,
    memory: memoryOf(meminfo),
    xdp: xdpDetails(row),
    cookie: cookieOf(cookie),
  };
  return socketObject(socket, row);
}

/** Names the index of the link in a row, for the names that a translation needs. @internal */
export function linkIndexOf(row: object): number {
  const { id, info } = row as Partial<Pick<InetReply, 'id'>> & { readonly info?: { readonly index?: number; readonly ifindex?: number } };
  return id?.if ?? info?.index ?? info?.ifindex ?? 0;
}
