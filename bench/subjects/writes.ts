import { readFileSync } from 'node:fs';
import type { Observable } from 'rxjs';
import { AddressFamily, AttributeEncoder, MessageFlags, type MessageInit, type NetlinkSocket } from '../../dist/index.js';

export const RTM_NEWROUTE = 24;
export const RTM_DELROUTE = 25;
export const CREATE: number = MessageFlags.Create | MessageFlags.Exclusive;
const RTA_DST = 1;
const RTA_OIF = 4;
/** struct rtmsg: 32 bits, main table, boot protocol, link scope, unicast. */
const header = Uint8Array.of(AddressFamily.Inet, 32, 0, 0, 254, 3, 253, 1, 0, 0, 0, 0);

/** Yields requests that add or delete routes through a link. */
export function* routeRequests(type: number, flags: number, count: number, link: number): Generator<MessageInit> {
  const words = new Uint8Array(Uint32Array.of(link).buffer);
  for (let index = 0; index < count; index++) {
    const payload = new AttributeEncoder({ header })
      .bytes(RTA_DST, Uint8Array.of(11, index >> 16, (index >> 8) & 255, index & 255))
      .bytes(RTA_OIF, words)
      .encode();
    yield { type, flags, payload };
  }
}

/** Counts the requests of a batch; rejects with the error of the first that the kernel rejected. */
export function countDone(results: Observable<object>): Promise<number> {
  return new Promise((resolve, reject) => {
    let count = 0;
    results.subscribe({
      next: (result) => {
        if ('error' in result) reject(result.error);
        else count++;
      },
      error: reject,
      complete: () => {
        resolve(count);
      },
    });
  });
}

/** Returns the number of the interface `bench0`. */
export function benchLink(): number {
  return Number(readFileSync('/sys/class/net/bench0/ifindex', 'utf8'));
}

/** Adds half as many routes in a batch and deletes them in another. */
export async function writeRoutes(socket: NetlinkSocket, count: number): Promise<number> {
  const link = benchLink();
  const added = await countDone(socket.batch(routeRequests(RTM_NEWROUTE, CREATE, count / 2, link)));
  return added + (await countDone(socket.batch(routeRequests(RTM_DELROUTE, 0, count / 2, link))));
}
