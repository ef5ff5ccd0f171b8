/*
 * `sockets N [NAMESPACE...]`: N sockets in each of these namespaces, or N in its own, listen to route events. The line `start` on stdin subscribes
 * and prints `ready`. The line `stop` waits until no event arrives for 50 ms, unsubscribes and prints `{"events", "cpu"}`: the number of
 * events of all sockets, and the processor time in microseconds.
 */
import { merge, type Subscription } from 'rxjs';
import { Protocol, netlink } from '../../../dist/index.js';
import { reply, settled } from '../../support/answer.js';

const ROUTE_GROUP = 7;
const [count, ...namespaces] = process.argv.slice(2);
const options = { protocol: Protocol.Route, receiveBufferSize: 32 << 20 };
const places = namespaces.length === 0 ? [options] : namespaces.map((netns) => ({ ...options, netns }));
const sockets = places.flatMap((place) => Array.from({ length: Number(count) }, () => netlink(place)));

let events = 0;
let subscription: Subscription | undefined;
let before = process.cpuUsage();
await reply(async (line) => {
  if (line === 'start') {
    events = 0;
    subscription = merge(...sockets.map((socket) => socket.multicast(ROUTE_GROUP))).subscribe(() => events++);
    before = process.cpuUsage();
    return 'ready';
  }
  await settled(() => events);
  const { user, system } = process.cpuUsage(before);
  subscription?.unsubscribe();
  return JSON.stringify({ events, cpu: user + system });
});
