import { lastValueFrom } from 'rxjs';
import { rtLink } from '../../../lib/families/rt-link.js';
import { tc, type GetqdiscReply } from '../../../lib/families/tc.js';
import type { Namespace } from '../../support/namespace.js';
import { writable } from './exceptions.js';
import { copyBlocks, copyFilters } from './filters.js';

const MADE = { create: true, exclusive: true };

/** Kinds whose classes are the flows that have packets in the queue. */
const FLOWS: ReadonlySet<string> = new Set(['cake', 'fq_codel', 'sfq']);

/** Copies qdiscs, classes and filters; objects that the kernel makes itself have no handle. */
export async function copyTrafficControl(from: Namespace, to: Namespace): Promise<void> {
  using links = rtLink({ netns: from.path });
  using source = tc({ netns: from.path });
  using target = tc({ netns: to.path });
  const qdiscs = (await lastValueFrom(source.list('getqdisc'))).filter(({ handle }) => handle !== 0);
  for (const { ifiIndex: ifindex } of await lastValueFrom(links.list('getlink'))) {
    const own = qdiscs.filter((row) => row.ifindex === ifindex);
    if (own.length === 0) continue;
    const classes = await lastValueFrom(source.list('gettclass', { ifindex }));
    // Classes belong to qdiscs, and qdiscs to classes.
    const [roots, leaves] = [own.filter(({ parent }) => parent >= 0xfffffff0), own.filter(({ parent }) => parent < 0xfffffff0)];
    for (const row of roots) await copyQdisc(target, row);
    const there = new Set((await lastValueFrom(target.list('gettclass', { ifindex }))).map(({ handle }) => handle));
    const named = classes
      .filter(({ handle, kind }) => !there.has(handle) && !FLOWS.has(kind ?? ''))
      .sort((one, other) => one.handle - other.handle);
    for (const row of named)
      if (leaves.every(({ handle }) => handle >>> 16 !== row.handle >>> 16)) await lastValueFrom(target.do('newtclass', row, MADE));
    for (const row of leaves) await copyQdisc(target, row);
    await copyFilters(source, target, ifindex, own);
  }
  await copyBlocks(source, target, qdiscs);
}

async function copyQdisc(target: ReturnType<typeof tc>, row: GetqdiscReply): Promise<void> {
  await lastValueFrom(target.do('newqdisc', writable('new qdisc', row), MADE));
  if (row.kind !== 'gred') return;
  const { ifindex, parent, handle, kind, options } = row;
  for (const entry of options?.vqList?.entry ?? []) {
    const at = entry.dp ?? 0;
    const [parms, maxP] = [options?.parms?.[at], options?.maxP?.[at]];
    if (parms === undefined || maxP === undefined) throw new Error(`the virtual queue ${at} of gred has no parameters`);
    await lastValueFrom(
      target.do('newqdisc', { ifindex, parent, handle, kind, options: { parms: [parms], maxP: [maxP], vqList: { entry: [entry] } } }),
    );
  }
}
