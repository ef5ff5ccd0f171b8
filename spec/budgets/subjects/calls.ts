/*
 * Sends requests in its network namespace while strace counts its system calls: `calls REQUESTS`. Signals 0 to itself separate
 * the kinds of work in the trace. Prints the number of datagrams of the dump.
 */
import { lastValueFrom, toArray } from 'rxjs';
import { netlink, MessageFlags, Protocol, type MessageInit } from '../../../lib/index.js';

// strace makes each call slow, and a turn of the event loop that lasts 2 ms reads no more replies right after sending.
Date.now = () => 0;
const count = Number(process.argv[2]);
const mark = (): void => void process.kill(process.pid, 0);
const socket = netlink({ protocol: Protocol.Route });
const lease = socket.connect();
/** RTM_GETLINK of the loopback. */
const getLink: MessageInit = { type: 18, payload: Uint8Array.of(0, 0, 0, 0, 1, ...new Array<number>(11).fill(0)) };

await lastValueFrom(socket.request(getLink));
mark();
for (let index = 0; index < count; index++) await lastValueFrom(socket.request(getLink));
mark();
// RTM_NEWADDR of an existing address; with REPLACE and without EXCL the kernel accepts it.
const address: MessageInit = {
  type: 20,
  flags: MessageFlags.Create | MessageFlags.Replace,
  payload: Uint8Array.of(2, 8, 0, 0, 1, 0, 0, 0, ...[8, 0, 2, 0, 127, 0, 0, 1], ...[8, 0, 1, 0, 127, 0, 0, 1]),
};
await lastValueFrom(socket.batch(Array.from({ length: count }, () => address)).pipe(toArray()));
mark();
let datagrams = 0;
const counting = socket.datagrams.subscribe(() => datagrams++);
const routes = await lastValueFrom(
  socket.request({ type: 26, flags: MessageFlags.Dump, payload: Uint8Array.of(2, ...new Array<number>(11).fill(0)) }).pipe(toArray()),
);
mark();
counting.unsubscribe();
process.stdout.write(JSON.stringify({ datagrams, routes: routes.length }));
lease.unsubscribe();
