/*
 * How much the heap grows while routes are streamed, for each line on stdin: `{"count", "heap", "external"}`, bytes of objects, and of the
 * buffers beside them, at their highest above what there was before. Needs --expose-gc.
 */
import { AddressFamily, Protocol, netlink } from '../../dist/index.js';
import { rtRoute } from '../../dist/families/rt-route.js';
import { reply } from './answer.js';

/** How many rows go by between two looks. */
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
