/*
 * `subscribers N [calls]`: N subscribers of one multicast group. The line `start` on stdin subscribes them and prints `ready`. The line `stop`
 * waits until no event arrives for 50 ms, unsubscribes them and prints `{"received", "cpu", "calls"}`: the number of calls of subscribers, the
 * processor time in microseconds and, with the argument `calls`, the number of function calls by package. Counting calls makes everything
 * slow.
 */
import { Session } from 'node:inspector/promises';
import type { Subscription } from 'rxjs';
import { Protocol, netlink } from '../../dist/index.js';
import { reply, settled } from '../support/answer.js';

const ROUTE_GROUP = 7;
const [size, counting] = process.argv.slice(2);
const socket = netlink({ protocol: Protocol.Route, receiveBufferSize: 32 << 20 });
const lease = socket.connect();

let received = 0;
const take = (): void => {
  received++;
};

/** Returns the calls since the last time: of the `library`, of `rxjs` in all, and of `next`, the method of RxJS. */
async function calls(session: Session): Promise<{ library: number; rxjs: number; next: number }> {
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const counted = { library: 0, rxjs: 0, next: 0 };
  for (const { url, functions } of result) {
    const whose = /\/node_modules\/rxjs\//.test(url) ? 'rxjs' : /\/dist\/[^/]+/.test(url) ? 'library' : undefined;
    if (whose === undefined) continue;
    for (const { functionName, ranges } of functions) {
      const count = ranges[0]?.count ?? 0;
      counted[whose] += count;
      if (whose === 'rxjs' && functionName === 'Subscriber.next') counted.next += count;
    }
  }
  return counted;
}

let session: Session | undefined;
if (counting === 'calls') {
  session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
}

let subscriptions: Subscription[] = [];
let before = process.cpuUsage();
await reply(async (line) => {
  if (line === 'start') {
    received = 0;
    subscriptions = Array.from({ length: Number(size) }, () => socket.multicast(ROUTE_GROUP).subscribe(take));
    if (session !== undefined) await calls(session);
    before = process.cpuUsage();
    return 'ready';
  }
  await settled(() => received);
  const { user, system } = process.cpuUsage(before);
  const counted = session && (await calls(session));
  for (const subscription of subscriptions) subscription.unsubscribe();
  return JSON.stringify({ received, cpu: user + system, calls: counted });
});
lease.unsubscribe();
