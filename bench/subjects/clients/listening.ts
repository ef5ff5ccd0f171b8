/*
 * `listening N`: opens N clients that each listen to a multicast group, and prints `{"heap", "external", "rss"}`: the bytes of each in the heap, in
 * buffers beside it, and in the memory of the process. Needs --expose-gc.
 */
import type { Subscription } from 'rxjs';
import { rtLink } from '../../../dist/families/rt-link.js';
import { pause } from '../../support/answer.js';

/** The number of clients that are opened first: they compile the code. */
const FIRST = 50;

function listen(count: number): Subscription[] {
  return Array.from({ length: count }, () => rtLink().notifications('rtnlgrp-link').subscribe());
}

async function used(): Promise<NodeJS.MemoryUsage> {
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.();
    await pause(200);
  }
  return process.memoryUsage();
}

const count = Number(process.argv[2]);
const first = listen(FIRST);
const before = await used();
const subscriptions = listen(count);
const after = await used();
const each = (kind: keyof NodeJS.MemoryUsage): number => (after[kind] - before[kind]) / count;
console.log(JSON.stringify({ heap: each('heapUsed'), external: each('external'), rss: each('rss') }));
for (const subscription of [...first, ...subscriptions]) subscription.unsubscribe();
