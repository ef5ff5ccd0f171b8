import { type Observable, catchError, concat, map, mergeMap, of, reduce, throwError, toArray } from 'rxjs';
import { isKernelError, type KernelError } from '../../errors/index.js';
import type {
  InetReply,
  MptcpReply,
  NetlinkReply,
  PacketReply,
  sockDiag,
  UnixReply,
  VsockReply,
  XdpReply,
} from '../../families/sock_diag.js';
import { FieldError } from '../common/field-error.js';
import { joined } from '../common/joined.js';
import { LinkNames } from '../names/link-names.js';
import type { Names } from '../names/names.js';
import { inetSocket, type InetName } from './inet-rows.js';
import type { SocketEntry, SocketProtocol } from './socket-entry.js';
import { matchesQuery } from './socket-match.js';
import { bytecodeOf, stateFlags, type SocketQuery } from './socket-query.js';
import { linkIndexOf, netlinkSocket, packetSocket, unixSockets, vsockSocket, xdpSocket } from './socket-rows.js';

type SockDiagClient = ReturnType<typeof sockDiag>;

/** All extensions of `inet_diag`. */
const ALL = 0xff;

/** AF_INET and AF_INET6. */
const FAMILIES: Readonly<Record<4 | 6, 2 | 10>> = { 4: 2, 6: 10 };

/** The reading of one protocol, and the translation of its rows. */
interface Reader {
  readonly read: (client: SockDiagClient, query: SocketQuery, link: number | undefined) => Observable<readonly object[]>;
  readonly translate: (rows: readonly object[], names: LinkNames) => readonly SocketEntry[];
}

const READERS: Readonly<Record<SocketProtocol, Reader>> = {
  tcp: inet('tcp'),
  udp: inet('udp'),
  udplite: inet('udplite'),
  raw: inet('raw'),
  mptcp: inet('mptcp'),
  // All of them: a row names its peer by the inode.
  unix: { read: (client) => client.list('unix'), translate: (rows) => unixSockets(rows as readonly UnixReply[]) },
  netlink: { read: (client) => client.list('netlink'), translate: each((row: NetlinkReply) => netlinkSocket(row)) },
  packet: { read: (client) => client.list('packet'), translate: each((row: PacketReply, names) => packetSocket(row, names)) },
  vsock: {
    read: (client, query) => {
      const states = stateFlags(query);
      return client.list('vsock', states === undefined ? {} : { states });
    },
    translate: each((row: VsockReply) => vsockSocket(row)),
  },
  xdp: { read: (client) => client.list('xdp'), translate: each((row: XdpReply, names) => xdpSocket(row, names)) },
};

function each<Reply>(translate: (row: Reply, names: LinkNames) => SocketEntry): Reader['translate'] {
  return (rows, names) => rows.map((row) => translate(row as Reply, names));
}

function inet(protocol: InetName): Reader {
  return {
    read: (client, query, link) => {
      const bytecode = bytecodeOf(query, link);
      const states = stateFlags(query);
      const request = { ext: ALL, ...(states !== undefined && { states }), ...(bytecode !== undefined && { bytecode }) };
      const dumps = familiesOf(query).map((family) =>
        protocol === 'mptcp' ? client.list('mptcp', { ...request, family }) : client.list('inet', { ...request, family, protocol }),
      );
      return concat(...dumps).pipe(reduce<readonly object[], readonly object[]>((all, rows) => [...all, ...rows], []));
    },
    translate: each((row: InetReply | MptcpReply, names) => inetSocket(protocol, row, names)),
  };
}

/** An IPv4 network has mapped addresses of IPv6 sockets too; an IPv6 one has no IPv4 sockets. */
function familiesOf({ family, local, remote }: SocketQuery): readonly (2 | 10)[] {
  const isSix = [local, remote].some((end) => end?.address?.includes(':') === true);
  const wanted = family === undefined ? ([4, 6] as const) : [family];
  return wanted.filter((version) => version === 6 || !isSix).map((version) => FAMILIES[version]);
}

/** Reads the sockets that match a filter. @internal */
export function readSockets(client: SockDiagClient, names: Names, query: SocketQuery): Observable<readonly SocketEntry[]> {
  return linkOf(names, query.link).pipe(
    mergeMap((link) =>
      concat(...query.protocols.map((protocol) => readProtocol(client, names, protocol, query, link))).pipe(
        toArray(),
        map((lists) => joined(lists).filter((socket) => matchesQuery(socket, query, link))),
      ),
    ),
  );
}

function linkOf(names: Names, link: string | null | undefined): Observable<number | undefined> {
  if (typeof link !== 'string') return of(undefined);
  return names.some([link]).pipe(
    map((found) => {
      const index = found.indexOf(link);
      if (index === undefined) throw new FieldError('link', `no link is named '${link}'`, 'missing');
      return index;
    }),
  );
}

function readProtocol(
  client: SockDiagClient,
  names: Names,
  protocol: SocketProtocol,
  query: SocketQuery,
  link: number | undefined,
): Observable<readonly SocketEntry[]> {
  const { read, translate } = READERS[protocol];
  return read(client, query, link).pipe(
    // The kernel lacks the module of the protocol.
    catchError((error: unknown) => {
      if (!isKernelError(error, 'ENOENT')) return throwError(() => error);
      return query.isExplicit ? throwError(() => new FieldError('protocol', noModule(protocol, error), 'unsupported')) : of([]);
    }),
    mergeMap((rows) => {
      const indexes = new Set(rows.map(linkIndexOf).filter((index) => index !== 0));
      return names.including(new LinkNames(), [...indexes]).pipe(map((found) => lastOfEach(translate(rows, found))));
    }),
  );
}

/**
 * Keeps the last row of each socket. The kernel lists a socket again whose place in its tables changes meanwhile: by a name, by a
 * connection, or because a table grows. Netlink sockets of all namespaces share a table for each protocol.
 */
function lastOfEach(sockets: readonly SocketEntry[]): readonly SocketEntry[] {
  const last = new Map(sockets.map((socket) => [socket.cookie, socket]));
  return last.size === sockets.length ? sockets : [...last.values()];
}

function noModule(protocol: SocketProtocol, error: KernelError): string {
  return `the kernel cannot list sockets of protocol '${protocol}': ${error.message}`;
}

/** Translates a row of an event. @internal */
export function socketOfEvent(protocol: InetName, row: InetReply, names: Names): Observable<SocketEntry> {
  const index = linkIndexOf(row);
  const found = index === 0 ? of(new LinkNames()) : names.including(new LinkNames(), [index]);
  return found.pipe(map((links) => inetSocket(protocol, row, links)));
}
