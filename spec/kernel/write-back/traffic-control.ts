import { lastValueFrom } from 'rxjs';
import { rtLink } from '../../../lib/families/rt-link.js';
import { tc, type GettfilterReply, type NewtfilterRequest } from '../../../lib/families/tc.js';
import type { Namespace } from '../../support/namespace.js';
import { writable } from './exceptions.js';

const MADE = { create: true, exclusive: true };
/** TC_H_CLSACT with the minors of its hooks. */
const HOOKS = [0xfffffff2, 0xfffffff3];

/** The hash table of u32 that the kernel makes with the first filter of a priority. */
const FIRST_TABLE = 0x80000000;

/** Copies queueing disciplines, classes and filters; what the kernel makes of itself has no handle. */
export async function copyTrafficControl(from: Namespace, to: Namespace): Promise<void> {
  using links = rtLink({ netns: from.path });
  using source = tc({ netns: from.path });
  using target = tc({ netns: to.path });
  const qdiscs = (await lastValueFrom(source.list('getqdisc'))).filter(({ handle }) => handle !== 0);
  for (const { ifiIndex: ifindex } of await lastValueFrom(links.list('getlink'))) {
    const own = qdiscs.filter((row) => row.ifindex === ifindex);
    if (own.length === 0) continue;
    const classes = await lastValueFrom(source.list('gettclass', { ifindex }));
    // A class stands in a discipline, and a discipline in a class.
    const [roots, leaves] = [own.filter(({ parent }) => parent >= 0xfffffff0), own.filter(({ parent }) => parent < 0xfffffff0)];
    for (const row of roots) await lastValueFrom(target.do('newqdisc', writable('new qdisc', row), MADE));
    const there = new Set((await lastValueFrom(target.list('gettclass', { ifindex }))).map(({ handle }) => handle));
    const named = classes.filter(({ handle }) => !there.has(handle)).sort((one, other) => one.handle - other.handle);
    for (const row of named)
      if (leaves.every(({ handle }) => handle >>> 16 !== row.handle >>> 16)) await lastValueFrom(target.do('newtclass', row, MADE));
    for (const row of leaves) await lastValueFrom(target.do('newqdisc', writable('new qdisc', row), MADE));
    for (const parent of [...own.map(({ handle }) => handle), ...HOOKS]) {
      for (const row of await lastValueFrom(source.list('gettfilter', { ifindex, parent }))) {
        const made = row.handle === 0 || row.options === undefined || row.handle === FIRST_TABLE;
        if (!made) await lastValueFrom(target.do('newtfilter', withOuterType(row), MADE));
      }
    }
  }
}

/** A filter of flower for VLANs reports the type inside of the tag twice (fl_dump_key); `tc` writes the filter's protocol as the outer one. */
function withOuterType(row: GettfilterReply): NewtfilterRequest {
  if (row.kind !== 'flower' || row.options?.keyVlanEthType === undefined) return row;
  const protocol = row.info & 0xffff;
  return { ...row, options: { ...row.options, keyEthType: ((protocol & 0xff) << 8) | (protocol >> 8) } };
}
