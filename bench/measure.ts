/*
 * The library's side of the benchmark; bench/floor.c is the other, with the same two commands:
 *
 *   measure dump            dumps the IPv4 routes for each line on stdin; answers `nanoseconds messages`
 *   measure sequential N    asks N times for link 1 and awaits each reply, for each line; answers `nanoseconds N`
 */
import { createInterface } from 'node:readline';
import { lastValueFrom } from 'rxjs';
import { MessageFlags, Protocol, hostIsLittleEndian, netlink, type NetlinkSocket } from 'rxnetlink';

const RTM_GETLINK = 18;
const RTM_NEWROUTE = 24;
const RTM_GETROUTE = 26;
const AF_INET = 2;

function dumpRoutes(socket: NetlinkSocket): Promise<number> {
  const payload = new Uint8Array(12);
  payload[0] = AF_INET;
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

async function getLinks(socket: NetlinkSocket, times: number): Promise<number> {
  const payload = new Uint8Array(16);
  new DataView(payload.buffer).setInt32(4, 1, hostIsLittleEndian);
  const request = socket.request({ type: RTM_GETLINK, payload });
  for (let count = 0; count < times; count++) await lastValueFrom(request);
  return times;
}

const [what, times] = process.argv.slice(2);
const socket = netlink({ protocol: Protocol.Route });
const lease = socket.connect();
for await (const _ of createInterface({ input: process.stdin })) {
  const began = process.hrtime.bigint();
  const count = what === 'sequential' ? await getLinks(socket, Number(times)) : await dumpRoutes(socket);
  console.log(`${process.hrtime.bigint() - began} ${count}`);
}
lease.unsubscribe();
