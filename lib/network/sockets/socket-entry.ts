import type { InetReply, MptcpReply, NetlinkReply, PacketReply, UnixReply, VsockReply, XdpReply } from '../../families/sock_diag.js';
import type { SocketOwner } from '../../socket/index.js';
import type { No, Row } from '../common/written.js';
import type { MptcpDetails } from './mptcp-details.js';
import type { NetlinkDetails, PacketDetails, UnixDetails, XdpDetails } from './other-details.js';
import type { TcpDetails } from './tcp-details.js';

/** The protocol of a socket; each is one reading of the kernel's tables. @public */
export type SocketProtocol = keyof SocketKinds;

/** The state of a socket. Sockets without a connection are `close`, which `ss` prints as UNCONN. @public */
export type SocketState =
  | 'established'
  | 'syn-sent'
  | 'syn-recv'
  | 'fin-wait1'
  | 'fin-wait2'
  | 'time-wait'
  | 'close'
  | 'close-wait'
  | 'last-ack'
  | 'listen'
  | 'closing'
  | 'bound-inactive'
  | number;

/** The address and the port of one end. @public */
export interface SocketEndpoint {
  /** The IP address. */
  readonly address: string;
  /** The port; 0 if the socket has none yet. Raw sockets have no port. */
  readonly port: number;
}

/** The queues of a socket. @public */
export interface SocketQueues {
  /** Bytes that the program has not read; of a listener the connections that wait for accept. */
  readonly receive: number;
  /** Bytes that the peer has not acknowledged or read; of a listener the limit of waiting connections. */
  readonly send: number;
}

/** The memory of a socket in bytes (`SK_MEMINFO_*`). @public */
export interface SocketMemory {
  /** Allocated for the receive queue. */
  readonly receive: number;
  /** The limit of the receive queue (`SO_RCVBUF`). */
  readonly receiveLimit: number;
  /** Allocated for packets in flight. */
  readonly send: number;
  /** The limit of the send queue (`SO_SNDBUF`). */
  readonly sendLimit: number;
  /** Reserved for later use. */
  readonly reserved: number;
  /** Allocated for the send queue. */
  readonly sendQueue: number;
  /** Allocated for options. */
  readonly options: number;
  /** Allocated for packets that wait while the program holds the socket. */
  readonly backlog: number;
  /** Dropped packets, a number of packets. */
  readonly drops: number;
}

/** The timer of a TCP socket. @public */
export interface SocketTimer {
  /** The purpose of the timer. */
  readonly kind: 'retransmit' | 'keepalive' | 'time-wait' | 'probe0' | number;
  /** Milliseconds until the timer expires. */
  readonly expires: number;
  /** Retransmissions or probes so far. */
  readonly retransmits: number;
}

/** The properties that sockets of each protocol have. @public */
export interface SocketCommon<State extends SocketState = SocketState> {
  /** The state. */
  readonly state: State;
  /** The inode, as in `/proc/<pid>/fd`; absent if no process has the socket open. */
  readonly inode?: number;
  /** The memory. */
  readonly memory?: SocketMemory;
  /** The directions that are closed. */
  readonly shutdown?: 'receive' | 'send' | 'both';
  /** The number of the socket in this kernel; no other socket gets it. */
  readonly cookie: bigint;
}

/** A socket of IPv4 or IPv6, without the details of its protocol. @public */
export interface InetSocketCommon<Reply, End = SocketEndpoint> extends SocketCommon {
  /** The IP version of the socket; an IPv6 socket may have mapped addresses, `::ffff:10.0.0.1`. */
  readonly family: 4 | 6;
  /** The local address and port. */
  readonly local: End;
  /** The address and the port of the peer; absent if the socket has none. */
  readonly remote?: End;
  /** The link to which the socket is bound, by name. */
  readonly link?: string;
  /** The index of this link. */
  readonly linkIndex?: number;
  /** The user; 0 for a socket in state `time-wait`. */
  readonly uid: number;
  /** The queues. */
  readonly queues: SocketQueues;
  /** The timer, if one runs. */
  readonly timer?: SocketTimer;
  /** `SO_MARK`; the kernel reports it to programs with CAP_NET_ADMIN only. */
  readonly mark?: number;
  /** The ID of the cgroup: the inode of its directory. */
  readonly cgroup?: bigint;
  /** `IP_TOS`. */
  readonly tos?: number;
  /** `IPV6_TCLASS`. */
  readonly trafficClass?: number;
  /** `SO_PRIORITY`, or the class of the cgroup. */
  readonly priority?: number;
  /** An IPv6 socket that accepts no IPv4 connections (`IPV6_V6ONLY`). */
  readonly ipv6Only?: boolean;
  /** The protocol on top of TCP: `tls`, `mptcp`. */
  readonly upperProtocol?: string;
  /** The row from which the object was made; not enumerable. */
  readonly [Row]: Reply;
}

/** A TCP socket, also a subflow of MPTCP. @public */
export interface TcpSocket extends InetSocketCommon<InetReply>, No<OtherDetails<'tcp'>> {
  /** The protocol. */
  readonly protocol: 'tcp';
  /** Counters, times and limits; absent in state `time-wait`. */
  readonly tcp?: TcpDetails;
}

/** A UDP socket. @public */
export interface UdpSocket<Name extends 'udp' | 'udplite' = 'udp'> extends InetSocketCommon<InetReply>, No<OtherDetails<never>> {
  /** The protocol. */
  readonly protocol: Name;
}

/** A raw socket. @public */
export interface RawSocket
  extends InetSocketCommon<InetReply, { readonly address: string; readonly port?: never }>, No<OtherDetails<'raw'>> {
  /** The protocol. */
  readonly protocol: 'raw';
  /** The IP protocol: 1 is ICMP. */
  readonly raw: { readonly protocol: number };
}

/** An MPTCP socket; its subflows are TCP sockets. @public */
export interface MptcpSocket extends InetSocketCommon<MptcpReply>, No<OtherDetails<'mptcp'>> {
  /** The protocol. */
  readonly protocol: 'mptcp';
  /** Counters and limits. */
  readonly mptcp?: MptcpDetails;
}

/** A Unix socket. @public */
export interface UnixSocket extends SocketCommon, No<OtherDetails<'unix'>> {
  /** The protocol. */
  readonly protocol: 'unix';
  /** The type (`SOCK_*`). */
  readonly type: 'stream' | 'dgram' | 'seqpacket' | number;
  /** The name: a path, or an abstract name with `@` instead of its bytes of 0; absent if the socket has none. */
  readonly local?: { readonly address: string; readonly port?: never };
  /** The inode of the other end, and its name if it has one. */
  readonly remote?: { readonly inode: number; readonly address?: string; readonly port?: never };
  /** The user. */
  readonly uid?: number;
  /** The queues. */
  readonly queues?: SocketQueues;
  /** The connections that wait for accept, and the file of the name. */
  readonly unix: UnixDetails;
  /** The row from which the object was made; not enumerable. */
  readonly [Row]: UnixReply;
}

/** A netlink socket. @public */
export interface NetlinkSocketEntry extends SocketCommon, No<OtherDetails<'netlink'> | 'local' | 'remote' | 'uid'> {
  /** The protocol. */
  readonly protocol: 'netlink';
  /** The type (`SOCK_*`). */
  readonly type: 'raw' | 'dgram' | number;
  /** The queues. */
  readonly queues?: SocketQueues;
  /** The netlink protocol, the port ID, the groups. */
  readonly netlink: NetlinkDetails;
  /** The row from which the object was made; not enumerable. */
  readonly [Row]: NetlinkReply;
}

/** A packet socket (`AF_PACKET`). @public */
export interface PacketSocket extends SocketCommon<'close'>, No<OtherDetails<'packet'> | 'local' | 'remote'> {
  /** The protocol. */
  readonly protocol: 'packet';
  /** Packets with their link layer header (`raw`) or without it (`dgram`). */
  readonly type: 'raw' | 'dgram' | number;
  /** The link to which the socket is bound, by name. */
  readonly link?: string;
  /** The index of this link. */
  readonly linkIndex?: number;
  /** The user. */
  readonly uid?: number;
  /** The queues. */
  readonly queues?: SocketQueues;
  /** The EtherType, the flags, the rings. */
  readonly packet: PacketDetails;
  /** The row from which the object was made; not enumerable. */
  readonly [Row]: PacketReply;
}

/** The context ID and the port of one end of a vsock socket. @public */
export interface VsockEndpoint {
  /** The context ID: 2 is the host; `'any'` for `VMADDR_CID_ANY`. */
  readonly cid: number | 'any';
  /** The port; `'any'` for `VMADDR_PORT_ANY`. */
  readonly port: number | 'any';
  /** A vsock socket has a context ID instead. */
  readonly address?: never;
}

/** A vsock socket, between a virtual machine and its host. @public */
export interface VsockSocket extends SocketCommon, No<OtherDetails<never> | 'uid' | 'queues'> {
  /** The protocol. */
  readonly protocol: 'vsock';
  /** The type (`SOCK_*`). */
  readonly type: 'stream' | 'dgram' | 'seqpacket' | number;
  /** The local end. */
  readonly local: VsockEndpoint;
  /** The other end. */
  readonly remote?: VsockEndpoint;
  /** The row from which the object was made; not enumerable. */
  readonly [Row]: VsockReply;
}

/** An XDP socket. @public */
export interface XdpSocket extends SocketCommon<'close'>, No<OtherDetails<'xdp'> | 'local' | 'remote' | 'queues'> {
  /** The protocol. */
  readonly protocol: 'xdp';
  /** The link to which the socket is bound, by name. */
  readonly link?: string;
  /** The index of this link. */
  readonly linkIndex?: number;
  /** The user. */
  readonly uid?: number;
  /** The queue, the rings, the memory, the counters. */
  readonly xdp: XdpDetails;
  /** The row from which the object was made; not enumerable. */
  readonly [Row]: XdpReply;
}

/** The names of the details of other protocols. @public */
export type OtherDetails<Own> = Exclude<'tcp' | 'raw' | 'mptcp' | 'unix' | 'netlink' | 'packet' | 'xdp', Own>;

/** The sockets of each protocol. @public */
export interface SocketKinds {
  /** TCP, also the subflows of MPTCP. */
  readonly tcp: TcpSocket;
  /** UDP. */
  readonly udp: UdpSocket;
  /** UDP-Lite. */
  readonly udplite: UdpSocket<'udplite'>;
  /** Raw IP. */
  readonly raw: RawSocket;
  /** Multipath TCP. */
  readonly mptcp: MptcpSocket;
  /** Unix. */
  readonly unix: UnixSocket;
  /** Netlink. */
  readonly netlink: NetlinkSocketEntry;
  /** Packets of links. */
  readonly packet: PacketSocket;
  /** Virtual machines. */
  readonly vsock: VsockSocket;
  /** XDP. */
  readonly xdp: XdpSocket;
}

/** A socket of the namespace, without its processes. The property with the details of a protocol has the name of the protocol. @public */
export type SocketEntry<Protocol extends SocketProtocol = SocketProtocol> = { readonly [K in Protocol]: SocketKinds[K] }[Protocol];

/** The processes of a socket, which readers return for `process: true`. @public */
export interface SocketOwners {
  /** The processes that have the socket open; empty if none is visible. */
  readonly owners: readonly SocketOwner[];
}
