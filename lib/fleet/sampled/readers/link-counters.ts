import { map } from 'rxjs';
import { rtLink, type GetlinkReply } from '../../../families/rt-link.js';
import type { LinkCounters } from '../sampled-rows.js';
import type { ReaderOptions, SampledReader } from './reader.js';

/** Reads the counters of links. @internal */
export function open(options: ReaderOptions): SampledReader<LinkCounters> {
  const client = rtLink(options);
  const rows = client.list('getlink', {}, { pick: ['ifiIndex', 'ifname', 'stats64'] });
  return {
    read: rows.pipe(map((links) => links.flatMap((link) => countersOf(link)))),
    keyOf: ({ ifiIndex }) => String(ifiIndex),
    close: () => client.close(),
  };
}

function countersOf({ ifiIndex, ifname = '', stats64 }: Pick<GetlinkReply, 'ifiIndex' | 'ifname' | 'stats64'>): readonly LinkCounters[] {
  return stats64 === undefined ? [] : [{ ifiIndex, ifname, ...stats64 }];
}
