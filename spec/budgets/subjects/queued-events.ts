/*
 * Listens in its network namespace while events fill the queue, and counts the callbacks: `queued-events EVENTS`. Prints the
 * figures as JSON.
 */
import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { createNativeTransport } from '../../../lib/socket/native/native-transport.js';
import { loadAddon } from '../../../lib/socket/native/load-addon.js';
import { netlink, Protocol } from '../../../lib/index.js';
import type { Transport } from '../../../lib/socket/index.js';

/** RTNLGRP_IPV4_ROUTE. */
const ROUTE_GROUP = 7;
const wanted = Number(process.argv[2]);
const native = createNativeTransport(() => loadAddon());
let callbacks = 0;
const counting: Transport = {
  ...native,
  open: (options) =>
    native.open({
      ...options,
      receive: (slab) => {
        callbacks++;
        options.receive(slab);
      },
    }),
};

const { nodeTiming } = performance as unknown as { nodeTiming: { uvMetricsInfo: { loopCount: number } } };
const socket = netlink({ protocol: Protocol.Route, transport: counting, receiveBufferSize: 32 << 20 });
let events = 0;
const done = new Promise<void>((resolve) => {
  const listening = socket.multicast(ROUTE_GROUP).subscribe(() => {
    if (++events < wanted) return;
    listening.unsubscribe();
    resolve();
  });
});
await new Promise((resolve) => setTimeout(resolve, 10));
callbacks = 0;
const first = nodeTiming.uvMetricsInfo.loopCount;
// The event loop is blocked while `ip` makes the events.
const routes = Array.from({ length: wanted }, (_, index) => `route add 198.18.${index >> 8}.${index & 255}/32 dev lo`);
const { status, stderr } = spawnSync('ip', ['-batch', '-'], { input: `${routes.join('\n')}\n`, encoding: 'utf8' });
if (status !== 0) throw new Error(stderr);
await done;
const turns = nodeTiming.uvMetricsInfo.loopCount - first;
process.stdout.write(JSON.stringify({ events, callbacks, turns }));
