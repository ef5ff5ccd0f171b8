/*
 * The library's side of the benchmark; bench/floor/floor.c is the other, with the same commands:
 *
 *   measure dump            dumps the IPv4 routes for each line on stdin; answers `nanoseconds messages`
 *   measure typed, list     the same through the typed family: rows streamed, and rows kept in an array
 *   measure sequential N    asks N times for link 1 and awaits each reply, for each line; answers `nanoseconds N`
 *   measure ordered N       the same, but replies are only read when the event loop finds the socket readable
 *   measure writes N        adds N / 2 routes in a batch and deletes them in another, for each line; answers `nanoseconds N`
 */
import { lastValueFrom } from 'rxjs';
import { Protocol, netlink, type NetlinkSocket } from '../../dist/index.js';
import { answer } from './answer.js';
import { dumpRoutes, keepRoutes, linkRequest, streamRoutes } from './dumps.js';
import { writeRoutes } from './writes.js';

async function getLinks(socket: NetlinkSocket, times: number, ordered = false): Promise<number> {
  const request = linkRequest(socket, ordered);
  for (let count = 0; count < times; count++) await lastValueFrom(request);
  return times;
}

const [what = 'dump', times] = process.argv.slice(2);
const work: Record<string, (socket: NetlinkSocket) => Promise<number>> = {
  dump: dumpRoutes,
  typed: streamRoutes,
  list: keepRoutes,
  sequential: (socket) => getLinks(socket, Number(times)),
  ordered: (socket) => getLinks(socket, Number(times), true),
  writes: (socket) => writeRoutes(socket, Number(times)),
};
const chosen = work[what];
if (chosen === undefined) throw new Error(`there is no ${what}`);
const socket = netlink({ protocol: Protocol.Route });
const lease = socket.connect();
await answer(() => chosen(socket));
lease.unsubscribe();
