import { lastValueFrom } from 'rxjs';
import { rtNeigh } from '../../../lib/families/rt-neigh.js';
import { rtRoute } from '../../../lib/families/rt-route.js';
import { rtRule } from '../../../lib/families/rt-rule.js';
import { AddressFamily } from '../../../lib/index.js';
import type { Namespace } from '../../support/namespace.js';

/** NHA_OP_FLAG_RESP_GRP_RESVD_0, since Linux 6.12: the reserved bytes of groups are valid. Older kernels send what was in their memory. */
const VALID_RESERVED_BYTES = 0x8000_0000;
/** RTPROT_KERNEL: routes of links and addresses, and the rules of a new namespace. */
const KERNEL = 2;
const MADE = { create: true, exclusive: true };

export async function copyRoutes(from: Namespace, to: Namespace): Promise<void> {
  using source = rtRoute({ netns: from.path });
  using target = rtRoute({ netns: to.path });
  const nexthops = await lastValueFrom(source.list('getnexthop'));
  // Groups name their members, which must exist.
  for (const row of [...nexthops].sort((one, other) => Number('group' in one) - Number('group' in other))) {
    const { opFlags = 0, group } = row;
    const isValid = group === undefined || (opFlags & VALID_RESERVED_BYTES) !== 0;
    const written = isValid ? row : { ...row, group: group.map((member) => ({ ...member, weightHigh: 0, resvd2: 0 })) };
    await lastValueFrom(target.do('newnexthop', written, MADE));
  }
  const routes = await lastValueFrom(source.list('getroute'));
  for (const row of routes) if (row.rtmProtocol !== KERNEL) await lastValueFrom(target.do('newroute', row, MADE));
}

/** Deletes the added routes, each by its own row. */
export async function deleteRoutes(from: Namespace): Promise<void> {
  using client = rtRoute({ netns: from.path });
  const routes = await lastValueFrom(client.list('getroute'));
  for (const row of routes) if (row.rtmProtocol !== KERNEL) await lastValueFrom(client.do('delroute', row));
}

export async function copyRules(from: Namespace, to: Namespace): Promise<void> {
  using source = rtRule({ netns: from.path });
  using target = rtRule({ netns: to.path });
  for (const row of await lastValueFrom(source.list('getrule'))) {
    if (row.protocol !== KERNEL) await lastValueFrom(target.do('newrule', row, MADE));
  }
}

/** Copies neighbours, proxies and entries of forwarding databases, except those that the kernel makes itself. */
export async function copyNeighbours(from: Namespace, to: Namespace): Promise<void> {
  using source = rtNeigh({ netns: from.path });
  using target = rtNeigh({ netns: to.path });
  const keyOf = (row: object): string =>
    JSON.stringify(['ndmFamily', 'ndmIfindex', 'dst', 'lladdr', 'master', 'vlan'].map((name) => (row as Record<string, unknown>)[name]));
  for (const request of [{}, { ndmFamily: AddressFamily.Bridge }, { ndmFlags: 8 }]) {
    const there = new Set((await lastValueFrom(target.list('getneigh', request))).map(keyOf));
    for (const row of await lastValueFrom(source.list('getneigh', request))) {
      if (!there.has(keyOf(row))) await lastValueFrom(target.do('newneigh', row, { create: true, append: true }));
    }
  }
}
