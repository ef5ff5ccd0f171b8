import { forkJoin, map, toArray, type Observable } from 'rxjs';
import { MessageFlags, retryInterruptedDump, type Message, type NetlinkSocket } from 'rxnetlink';
import { decodeAddress, type Address } from './address.js';
import { decodeLink, markLowerDown, type Link } from './link.js';
import { decodeRoute, type Route } from './route.js';
import { ADDRESS_FAMILIES, RouteMessage } from './rtnetlink.js';

/** All links, addresses and routes at one time. */
export interface Snapshot {
  readonly links: readonly Link[];
  readonly addresses: readonly Address[];
  readonly routes: readonly Route[];
}

// Strict checking requires the family's whole fixed header: all zeroes except the address family in its first byte.
const IFINFOMSG_SIZE = 16;
const IFADDRMSG_SIZE = 8;
const RTMSG_SIZE = 12;

/**
 * Reads links, addresses and routes once.
 *
 * The dumps are requested together; the socket sends them one after the other, because the kernel runs one dump per socket.
 */
export function readSnapshot(socket: NetlinkSocket): Observable<Snapshot> {
  const addresses = (family: number) => dump(socket, RouteMessage.GetAddress, IFADDRMSG_SIZE, family, decodeAddress);
  const routes = (family: number) => dump(socket, RouteMessage.GetRoute, RTMSG_SIZE, family, decodeRoute);
  return forkJoin([
    dump(socket, RouteMessage.GetLink, IFINFOMSG_SIZE, 0, decodeLink),
    addresses(ADDRESS_FAMILIES.inet),
    addresses(ADDRESS_FAMILIES.inet6),
    routes(ADDRESS_FAMILIES.inet),
    routes(ADDRESS_FAMILIES.inet6),
  ]).pipe(
    map(([links, addresses4, addresses6, routes4, routes6]) => ({
      links: withLowerState(links),
      addresses: [...addresses4, ...addresses6],
      routes: [...routes4, ...routes6],
    })),
  );
}

function dump<T>(
  socket: NetlinkSocket,
  type: number,
  headerSize: number,
  family: number,
  decode: (message: Message) => T | undefined,
): Observable<T[]> {
  const payload = new Uint8Array(headerSize);
  payload[0] = family;
  return socket.request({ type, flags: MessageFlags.Dump, payload }).pipe(
    // Each message is decoded at once, so that none keeps its slab alive.
    map(decode),
    // After a change during the dump the rows may be inconsistent.
    retryInterruptedDump({ count: 10, delay: 10 }),
    toArray(),
    map((rows) => rows.filter((row) => row !== undefined)),
  );
}

function withLowerState(links: readonly Link[]): Link[] {
  const byIndex = new Map(links.map((link) => [link.index, link]));
  return links.map((link) => markLowerDown(link, link.lower === undefined ? undefined : byIndex.get(link.lower)));
}
