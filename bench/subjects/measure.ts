/*
 * The library in the benchmark; bench/floor/floor.c has the same commands:
 *
 *   measure dump            dumps the IPv4 routes for each line on stdin, and prints `nanoseconds messages`
 *   measure typed, list, watch  the same with the typed family: a stream of rows, an array of rows, and a collection until it is synced
 *   measure sequential N    requests link 1 N times and awaits each reply, for each line, and prints `nanoseconds N`
 *   measure getroute N      the same with the route to 127.0.0.1
 *   measure ordered N       the same, but replies are read only when the event loop finds the socket readable
 *   measure do, pick, crowd, sync N  the same with the typed family: a row, one property of it, 1,000 rows at once; and with requestSync
 *   measure writes N        adds N / 2 routes in a batch and deletes them in another, for each line, and prints `nanoseconds N`
 */
import { lastValueFrom, type Observable } from 'rxjs';
import { Protocol, netlink, type Message, type NetlinkSocket } from '../../dist/index.js';
import { answer } from '../support/answer.js';
import { dumpRoutes, keepRoutes, linkRequest, routeRequest, streamRoutes, watchRoutes } from './dumps.js';
import { blockingLinks, crowdOfLinks, pickedLinks, typedLinks } from './typed.js';
import { writeRoutes } from './writes.js';

async function repeat(request: Observable<Message>, times: number): Promise<number> {
  for (let count = 0; count < times; count++) await lastValueFrom(request);
  return times;
}

const [what = 'dump', times] = process.argv.slice(2);
const work: Record<string, (socket: NetlinkSocket) => Promise<number>> = {
  dump: dumpRoutes,
  typed: streamRoutes,
  list: keepRoutes,
  watch: watchRoutes,
  sequential: (socket) => repeat(linkRequest(socket), Number(times)),
  getroute: (socket) => repeat(routeRequest(socket), Number(times)),
  ordered: (socket) => repeat(linkRequest(socket, true), Number(times)),
  do: (socket) => typedLinks(socket, Number(times)),
  pick: (socket) => pickedLinks(socket, Number(times)),
  crowd: (socket) => crowdOfLinks(socket, Number(times)),
  sync: (socket) => blockingLinks(socket, Number(times)),
  writes: (socket) => writeRoutes(socket, Number(times)),
};
const chosen = work[what];
if (chosen === undefined) throw new Error(`measure: unknown work (${what}); expected a command of the list above`);
const socket = netlink({ protocol: Protocol.Route });
const lease = socket.connect();
await answer(() => chosen(socket));
lease.unsubscribe();
