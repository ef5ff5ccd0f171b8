/*
 * Reads a storm of route events. The line `start` on stdin subscribes to the group and prints `ready`; `start TYPE` subscribes to messages of
 * one type, `start watch` watches the routes as a collection, and `start delay` also measures the delay of the event loop, which takes processor
 * time. The line `stop` waits until no event arrives for 50 ms, unsubscribes and prints `{"events", "dropped", "cpu", "delay"}`: the processor time
 * of this process in microseconds, and, if it was measured, the 99th percentile of the delay in milliseconds.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { firstValueFrom, type Observable } from 'rxjs';
import { AddressFamily, Protocol, bpf, netlink } from '../../dist/index.js';
import { rtRoute } from '../../dist/families/rt-route.js';
import { reply, settled } from '../support/answer.js';

const ROUTE_GROUP = 7;
const socket = netlink({ protocol: Protocol.Route, receiveBufferSize: 32 << 20 });
const delay = monitorEventLoopDelay({ resolution: 1 });

/** Starts to read; the returned function stops and returns the figures. */
async function begin(isWatching: boolean, measuresDelay: boolean): Promise<() => Promise<object>> {
  let events = 0;
  const collection = rtRoute(socket).watch('getroute', { rtmFamily: AddressFamily.Inet });
  const source: Observable<unknown> = isWatching ? collection : socket.multicast(ROUTE_GROUP);
  const subscription = source.subscribe(() => events++);
  if (isWatching) await firstValueFrom(collection);
  events = 0;
  if (measuresDelay) {
    delay.reset();
    delay.enable();
  }
  const before = process.cpuUsage();
  return async () => {
    await settled(() => events);
    const { user, system } = process.cpuUsage(before);
    delay.disable();
    const figures = { events, dropped: socket.isOpen ? socket.drops : 0, cpu: user + system };
    subscription.unsubscribe();
    return measuresDelay ? { ...figures, delay: delay.percentile(99) / 1e6 } : figures;
  };
}

let end: () => Promise<object>;
await reply(async (line) => {
  if (line === 'stop') return JSON.stringify(await end());
  const what = line.split(' ')[1];
  const [isWatching, measuresDelay] = [what === 'watch', what === 'delay'];
  socket.setFilter(what === undefined || isWatching || measuresDelay ? null : bpf.messageTypes(Number(what)));
  end = await begin(isWatching, measuresDelay);
  return 'ready';
});
