/*
 * Watches many network namespaces in one way for `npm run bench:network`: `namespaces MODE COUNT SECONDS`. Waits until all of them are known,
 * collects garbage, then waits for some seconds, and prints figures as JSON. Needs --expose-gc.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { EMPTY, ignoreElements, merge, of, type Observable } from 'rxjs';
import { netlink, Protocol } from '../../dist/index.js';
import { rtAddr } from '../../dist/families/rt-addr.js';
import { rtLink } from '../../dist/families/rt-link.js';
import { namespaces, type Network } from '../../dist/network/index.js';
import { pause } from '../support/answer.js';

type Watch = (net: Network, namespace: { readonly path: string }) => Observable<{ readonly type: string }>;

/** RTNLGRP_LINK (uapi/linux/rtnetlink.h). */
const LINKS = 1;

/** The ways, with the number of `synced` that each namespace emits. */
const modes: Readonly<Record<string, readonly [synced: number, watch: Watch]>> = {
  nothing: [0, () => EMPTY],
  socket: [
    1,
    (_, { path: netns }) =>
      merge(netlink({ protocol: Protocol.Route, netns }).multicast(LINKS).pipe(ignoreElements()), of({ type: 'synced' })),
  ],
  links: [1, (net) => net.links.watch()],
  joined: [1, (net) => net.links.watch({ with: 'addresses' })],
  families: [2, (_, { path: netns }) => merge(rtLink({ netns }).watch('getlink'), rtAddr({ netns }).watch('getaddr'))],
};

/** Returns the number of voluntary context switches of all threads. */
function switches(): number {
  const counts = readdirSync('/proc/self/task').map((thread) => {
    const status = readFileSync(`/proc/self/task/${thread}/status`, 'utf8');
    return Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)![1]);
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

function socketCount(): number {
  const targets = readdirSync('/proc/self/fd').map((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`);
    } catch {
      // The descriptor of the directory itself is closed by now.
      return '';
    }
  });
  return targets.filter((target) => target.startsWith('socket:')).length;
}

const [mode = '', count = '0', seconds = '0'] = process.argv.slice(2);
const [synced, watch] = modes[mode]!;
const expected = Number(count) * synced;
const values = namespaces.all(watch);
await new Promise<void>((resolve, reject) => {
  let seen = 0;
  if (expected === 0) resolve();
  values.subscribe({
    next: ({ error, value }) => {
      if (error !== undefined) reject(error);
      else if (value.type === 'synced' && ++seen === expected) resolve();
    },
    error: reject,
  });
});
for (let round = 0; round < 3; round++) {
  globalThis.gc!();
  await pause(500);
}
const { rss } = process.memoryUsage();
const before = switches();
await pause(Number(seconds) * 1000);
const wakeUps = switches() - before;
console.log(JSON.stringify({ memory: rss, sockets: socketCount(), wakeUps }));
process.exit();
