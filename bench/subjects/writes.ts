import { readFileSync } from 'node:fs';
import { AddressFamily, AttributeEncoder, MessageFlags, type MessageInit, type NetlinkSocket } from '../../dist/index.js';

const RTM_NEWROUTE = 24;
const RTM_DELROUTE = 25;
const RTA_DST = 1;
const RTA_OIF = 4;
/** The rest of struct rtmsg after the family and the lengths: main table, boot protocol, link scope, unicast. */
const ROUTE_HEADER = [254, 3, 253, 1];

function* routeRequests(type: number, flags: number, count: number, link: number): Generator<MessageInit> {
  const words = new Uint8Array(Uint32Array.of(link).buffer);
  for (let index = 0; index < count; index++) {
    const attributes = new AttributeEncoder()
      .bytes(RTA_DST, Uint8Array.of(11, index >> 16, (index >> 8) & 255, index & 255))
      .bytes(RTA_OIF, words)
      .encode();
    const payload = new Uint8Array(12 + attributes.byteLength);
    payload.set([AddressFamily.Inet, 32, 0, 0, ...ROUTE_HEADER]);
    payload.set(attributes, 12);
    yield { type, flags, payload };
  }
}

function run(socket: NetlinkSocket, requests: Iterable<MessageInit>): Promise<number> {
  return new Promise((resolve, reject) => {
    let count = 0;
    socket.batch(requests).subscribe({
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

/** Adds half as many routes in a batch and deletes them in another. */
export async function writeRoutes(socket: NetlinkSocket, count: number): Promise<number> {
  const link = Number(readFileSync('/sys/class/net/bench0/ifindex', 'utf8'));
  const added = await run(socket, routeRequests(RTM_NEWROUTE, MessageFlags.Create | MessageFlags.Exclusive, count / 2, link));
  return added + (await run(socket, routeRequests(RTM_DELROUTE, 0, count / 2, link)));
}
