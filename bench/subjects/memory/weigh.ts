/*
 * Measures the heap of a kept route: `weigh list` for the rows of list(), `weigh watch` for the entries of a live collection. It prints
 * `{"count", "bytes"}` for each line on stdin. Needs --expose-gc.
 */
import { firstValueFrom, type Subscription } from 'rxjs';
import { AddressFamily } from '../../../dist/index.js';
import { rtRoute } from '../../../dist/families/rt-route.js';
import { pause, reply } from '../../support/answer.js';

const ROUTES = { rtmFamily: AddressFamily.Inet };
/** A table that does not exist: its dump compiles the codecs and keeps no rows. */
const NOTHING = { ...ROUTES, table: 4242 };

const client = rtRoute({ receiveBufferSize: 32 << 20 });
client.socket.connect();

/** Keeps a value until it is released. */
interface Held {
  readonly count: number;
  release(): void;
}

async function holdList(): Promise<Held> {
  const rows = await firstValueFrom(client.list('getroute', ROUTES));
  return { count: rows.length, release: () => rows.splice(0) };
}

function holdWatch(): Promise<Held> {
  return new Promise((resolve, reject) => {
    const subscription: Subscription = client.watch('getroute', ROUTES).subscribe({
      next: (change) => {
        if (change.type === 'synced') {
          resolve({
            count: change.entries.length,
            release: () => {
              subscription.unsubscribe();
            },
          });
        }
      },
      error: reject,
    });
  });
}

async function used(): Promise<number> {
  // The first collection leaves buffers of earlier rounds to a thread that frees them, and the second one counts without them.
  for (let collection = 0; collection < 2; collection++) {
    await pause(100);
    globalThis.gc?.();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const hold = process.argv[2] === 'watch' ? holdWatch : holdList;
await firstValueFrom(client.watch('getroute', NOTHING));
await reply(async () => {
  const before = await used();
  const held = await hold();
  const bytes = ((await used()) - before) / held.count;
  held.release();
  return JSON.stringify({ count: held.count, bytes });
});
client.close();
process.exit();
