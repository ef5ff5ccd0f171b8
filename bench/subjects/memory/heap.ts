/*
 * Streams routes for each line on stdin, and prints `{"count", "heap", "external"}`: the largest growth of the heap and of buffers outside
 * of the heap, in bytes. Needs --expose-gc.
 */
import { AddressFamily, Protocol, netlink } from '../../../dist/index.js';
import { rtRoute } from '../../../dist/families/rt-route.js';
import { reply } from '../../support/answer.js';

/** The number of rows between two measurements. */
const EVERY = 500;

const socket = netlink({ protocol: Protocol.Route });
const lease = socket.connect();

function stream(): Promise<string> {
  globalThis.gc?.();
  const before = process.memoryUsage();
  let [count, heap, external] = [0, 0, 0];
  return new Promise((resolve, reject) => {
    rtRoute(socket)
      .dump('getroute', { rtmFamily: AddressFamily.Inet })
      .subscribe({
        next: () => {
          if (++count % EVERY !== 0) return;
          const now = process.memoryUsage();
          heap = Math.max(heap, now.heapUsed - before.heapUsed);
          external = Math.max(external, now.external - before.external);
        },
        error: reject,
        complete: () => {
          resolve(JSON.stringify({ count, heap, external }));
        },
      });
  });
}

await reply(stream);
lease.unsubscribe();
