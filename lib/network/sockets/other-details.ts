import type { NetlinkReply, PacketReply, UnixReply, XdpReply, XdpDiagStats } from '../../families/sock_diag.js';
import { NdiagFlag, PdiFlag } from '../../families/sock_diag.js';
import { omitUndefined } from '../../check/index.js';
import { Protocol } from '../../wire/index.js';
import { withJson } from '../common/json.js';

/** The details of a Unix socket. @public */
export interface UnixDetails {
  /** The inodes of connections that wait for accept. */
  readonly waiting?: readonly number[];
  /** The file of the name: its inode and its device, as the kernel numbers it. */
  readonly file?: { readonly inode: number; readonly device: number };
}

/** The details of a netlink socket. @public */
export interface NetlinkDetails {
  /** The netlink protocol: `route`, `generic`; a number if it has no name. */
  readonly protocol: string | number;
  /** The port ID; 0 for the kernel's own socket. */
  readonly portId: number;
  /** The multicast groups. */
  readonly groups: readonly number[];
  /** The port ID of the peer, if the socket is connected. */
  readonly remotePortId?: number;
  /** The group of the peer, if the socket is connected. */
  readonly remoteGroup?: number;
  /** A dump is under way. */
  readonly dumping: boolean;
  /** The socket receives no error if messages are lost (`NETLINK_NO_ENOBUFS`). */
  readonly noEnobufs: boolean;
  /** The socket receives errors of its multicasts (`NETLINK_BROADCAST_ERROR`). */
  readonly broadcastError: boolean;
  /** The socket receives messages of all namespaces with an ID (`NETLINK_LISTEN_ALL_NSID`). */
  readonly allNamespaces: boolean;
}

/** A ring of packets in shared memory. @public */
export interface PacketRing {
  /** The size of a block in bytes. */
  readonly blockSize: number;
  /** The number of blocks. */
  readonly blocks: number;
  /** The size of a frame in bytes. */
  readonly frameSize: number;
  /** The number of frames. */
  readonly frames: number;
}

/** The details of a packet socket. @public */
export interface PacketDetails {
  /** The EtherType of the packets; 3 for all, 0 for none (`ETH_P_*`). */
  readonly etherType: number;
  /** The version of the rings, from 0 (`TPACKET_V*`). */
  readonly version?: number;
  /** The socket receives packets. */
  readonly running: boolean;
  /** `PACKET_AUXDATA`. */
  readonly auxdata: boolean;
  /** `PACKET_ORIGDEV`. */
  readonly originalDevice: boolean;
  /** `PACKET_VNET_HDR`. */
  readonly vnetHeader: boolean;
  /** `PACKET_LOSS`. */
  readonly loss: boolean;
  /** The ring of packets that arrive. */
  readonly receiveRing?: PacketRing;
  /** The ring of packets to send. */
  readonly sendRing?: PacketRing;
  /** The group of sockets that share packets. */
  readonly fanout?: number;
  /** The number of instructions of the filter. */
  readonly filterLength?: number;
}

/** The details of an XDP socket. @public */
export interface XdpDetails {
  /** The queue of the link. */
  readonly queue?: number;
  /** The entries of the ring of packets that arrive. */
  readonly receiveRing?: number;
  /** The entries of the ring of packets to send. */
  readonly sendRing?: number;
  /** The entries of the ring of free frames. */
  readonly fillRing?: number;
  /** The entries of the ring of sent frames. */
  readonly completionRing?: number;
  /** The shared memory; sizes in bytes. */
  readonly memoryArea?: {
    readonly id: number;
    readonly size: number;
    readonly pages: number;
    readonly chunkSize: number;
    readonly headroom: number;
    readonly users: number;
    readonly zeroCopy: boolean;
  };
  /** The counters. `JSON.stringify` writes those over 2^53 - 1 as text. */
  readonly statistics?: XdpStatistics;
}

/** The counters of an XDP socket. @public */
export interface XdpStatistics {
  /** Packets that were dropped. */
  readonly receiveDropped: bigint;
  /** Invalid descriptors of the fill ring. */
  readonly receiveInvalid: bigint;
  /** Packets that met a full receive ring. */
  readonly receiveFull: bigint;
  /** Times when the fill ring was empty. */
  readonly fillEmpty: bigint;
  /** Invalid descriptors of the send ring. */
  readonly sendInvalid: bigint;
  /** Times when the send ring was empty. */
  readonly sendEmpty: bigint;
}

/** The names of netlink protocols by their numbers: `route`, `sock-diag`. */
const PROTOCOLS: ReadonlyMap<number, string> = new Map(
  Object.entries(Protocol).map(([name, number]) => [
    number,
    name
      .replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-')
      .toLowerCase()
      .replace('se-linux', 'selinux'),
  ]),
);

/** @internal */
export function unixDetails({ icons, vfs }: UnixReply): UnixDetails {
  return omitUndefined({ waiting: icons, file: vfs === undefined ? undefined : { inode: vfs.ino, device: vfs.dev } });
}

/** @internal */
export function netlinkDetails({ protocol, portid, groups = [], dstPortid, dstGroup, flags = 0 }: NetlinkReply): NetlinkDetails {
  return omitUndefined({
    protocol: PROTOCOLS.get(protocol) ?? protocol,
    portId: portid,
    groups: groups.flatMap((word, at) => bitsOf(word).map((bit) => 32 * at + bit + 1)),
    remotePortId: dstPortid === 0 ? undefined : dstPortid,
    remoteGroup: dstGroup === 0 ? undefined : dstGroup,
    dumping: (flags & NdiagFlag.CbRunning) !== 0,
    noEnobufs: (flags & NdiagFlag.NoEnobufs) !== 0,
    broadcastError: (flags & NdiagFlag.BroadcastError) !== 0,
    allNamespaces: (flags & NdiagFlag.ListenAllNsid) !== 0,
  });
}

function bitsOf(word: number): readonly number[] {
  return Array.from({ length: 32 }, (_, bit) => bit).filter((bit) => ((word >>> bit) & 1) !== 0);
}

/** @internal */
export function packetDetails({ num, info, rxRing, txRing, fanout, filter }: PacketReply): PacketDetails {
  const flags = info?.flags ?? 0;
  return omitUndefined({
    etherType: num,
    version: info?.version,
    running: (flags & PdiFlag.Running) !== 0,
    auxdata: (flags & PdiFlag.Auxdata) !== 0,
    originalDevice: (flags & PdiFlag.Origdev) !== 0,
    vnetHeader: (flags & PdiFlag.Vnethdr) !== 0,
    loss: (flags & PdiFlag.Loss) !== 0,
    receiveRing: ringOf(rxRing),
    sendRing: ringOf(txRing),
    fanout,
    filterLength: filter?.length,
  });
}

function ringOf(ring: PacketReply['rxRing']): PacketRing | undefined {
  if (ring === undefined) return undefined;
  return { blockSize: ring.blockSize, blocks: ring.blockNr, frameSize: ring.frameSize, frames: ring.frameNr };
}

/** @internal */
export function xdpDetails({ info, rxRing, txRing, umemFillRing, umemCompletionRing, umem, stats }: XdpReply): XdpDetails {
  return omitUndefined({
    queue: info?.queueId,
    receiveRing: rxRing?.entries,
    sendRing: txRing?.entries,
    fillRing: umemFillRing?.entries,
    completionRing: umemCompletionRing?.entries,
    memoryArea:
      umem === undefined
        ? undefined
        : {
            id: umem.id,
            size: Number(umem.size),
            pages: umem.numPages,
            chunkSize: umem.chunkSize,
            headroom: umem.headroom,
            users: umem.refs,
            zeroCopy: (umem.flags & 1) !== 0,
          },
    statistics: stats === undefined ? undefined : statisticsOf(stats),
  });
}

function statisticsOf(stats: XdpDiagStats): XdpStatistics {
  return withJson({
    receiveDropped: stats.nRxDropped,
    receiveInvalid: stats.nRxInvalid,
    receiveFull: stats.nRxFull,
    fillEmpty: stats.nFillRingEmpty,
    sendInvalid: stats.nTxInvalid,
    sendEmpty: stats.nTxRingEmpty,
  });
}
