/*
 * The library's side of the benchmark; bench/floor.c is the other, with the same two commands:
 *
 *   measure dump            dumps the IPv4 routes for each line on stdin; answers `nanoseconds messages`
 *   measure typed, list     the same through the typed family: rows streamed, and rows kept in an array
 *   measure sequential N    asks N times for link 1 and awaits each reply, for each line; answers `nanoseconds N`
 */
import { createInterface } from 'node:readline';
import { lastValueFrom } from 'rxjs';
import { AddressFamily, MessageFlags, Protocol, hostIsLittleEndian, netlink, type NetlinkSocket } from 'rxnetlink';
import { rtRoute } from 'rxnetlink/families/rt-route';

const RTM_GETLINK = 18;
const RTM_NEWROUTE = 24;
const RTM_GETROUTE = 26;

function dumpRoutes(socket: NetlinkSocket): Promise<number> {
  const payload = new Uint8Array(12);
  payload[0] = AddressFamily.Inet;
  return new Promise((resolve, reject) => {
    let count = 0;
    socket.request({ type: RTM_GETROUTE, flags: MessageFlags.Dump, payload }).subscribe({
      next: (message) => {
        if (message.type === RTM_NEWROUTE) count++;
      },
      error: reject,
      complete: () => {
        resolve(count);
      },
    });
  });
}

function streamRoutes(socket: NetlinkSocket): Promise<number> {
  return new Promise((resolve, reject) => {
    let count = 0;
    rtRoute(socket)
      .dump('getroute', { rtmFamily: AddressFamily.Inet })
      .subscribe({
        next: () => count++,
        error: reject,
        complete: () => {
          resolve(count);
        },
      });
  });
}

async function keepRoutes(socket: NetlinkSocket): Promise<number> {
  return (await lastValueFrom(rtRoute(socket).list('getroute', { rtmFamily: AddressFamily.Inet }))).length;
}

async function getLinks(socket: NetlinkSocket, times: number): Promise<number> {
  const payload = new Uint8Array(16);
  new DataView(payload.buffer).setInt32(4, 1, hostIsLittleEndian);
  const request = socket.request({ type: RTM_GETLINK, payload });
  for (let count = 0; count < times; count++) await lastValueFrom(request);
  return times;
}

const [what = 'dump', times] = process.argv.slice(2);
const work: Record<string, (socket: NetlinkSocket) => Promise<number>> = {
  dump: dumpRoutes,
  typed: streamRoutes,
  list: keepRoutes,
  sequential: (socket) => getLinks(socket, Number(times)),
};
const socket = netlink({ protocol: Protocol.Route });
const lease = socket.connect();
for await (const _ of createInterface({ input: process.stdin })) {
  const began = process.hrtime.bigint();
  const count = (await work[what]?.(socket)) ?? 0;
  console.log(`${process.hrtime.bigint() - began} ${count}`);
}
lease.unsubscribe();
