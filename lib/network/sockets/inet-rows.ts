import type { InetReply, MptcpReply } from '../../families/sock_diag.js';
import type { LinkNames } from '../names/link-names.js';
import { mptcpDetails } from './mptcp-details.js';
import { boundTo, cookieOf, inodeOf, memoryOf, shutdownOf, socketObject } from './socket-rows.js';
import type { SocketEntry } from './socket-entry.js';
import { tcpDetails } from './tcp-details.js';

/** The protocols whose sockets have IP addresses. @internal */
export type InetName = 'tcp' | 'udp' | 'udplite' | 'raw' | 'mptcp';

const WITHOUT_ADDRESS: ReadonlySet<unknown> = new Set(['0.0.0.0', '::']);

/** Translates a row of one of these protocols. @internal */
export function inetSocket(protocol: InetName, row: InetReply | MptcpReply, names: LinkNames): SocketEntry {
  const { family, id, mark, skv6only } = row;
  const hasPeer = id.dport !== 0 || !WITHOUT_ADDRESS.has(id.dst);
  const socket = {
    protocol,
    family: family === 2 ? 4 : 6,
    state: row.state === 'new-syn-recv' ? 'syn-recv' : row.state,
    local: endOf(protocol, id.src, id.sport),
    remote: hasPeer ? endOf(protocol, id.dst, id.dport) : undefined,
    ...boundTo(id.if, names),
    inode: inodeOf(row.inode),
    uid: row.uid,
    queues: { receive: row.rqueue, send: row.wqueue },
    timer: timerOf(row),
    shutdown: shutdownOf(row.shutdown),
    memory: memoryOf(row.skmeminfo),
    mark: mark === 0 ? undefined : mark,
    cgroup: row.cgroupId,
    tos: row.tos,
    trafficClass: row.tclass,
    priority: row.classId,
    ipv6Only: skv6only === undefined ? undefined : skv6only === 1,
    ...detailsOf(protocol, row),
    cookie: cookieOf(id.cookie),
  };
  return socketObject(socket, row);
}

/** The kernel has the IP protocol of a raw socket in place of the ports. */
function endOf(protocol: InetName, address: unknown, port: number): object {
  return protocol === 'raw' ? { address } : { address, port };
}

function timerOf({ timer, expires, retrans }: InetReply | MptcpReply): object | undefined {
  return timer === 'none' ? undefined : { kind: timer, expires, retransmits: retrans };
}

function detailsOf(protocol: InetName, row: InetReply | MptcpReply): object {
  if (protocol === 'mptcp') return { mptcp: mptcpDetails(row as MptcpReply) };
  const inet = row as InetReply;
  if (protocol === 'raw') return { raw: { protocol: inet.protocol ?? inet.id.sport } };
  return protocol === 'tcp' ? { tcp: tcpDetails(inet), upperProtocol: inet.ulpInfo?.name } : {};
}
