import type { GetmdbReply } from '../../../families/rt-mdb.js';
import { VlanInfoFlags, type GetvlanReply } from '../../../families/rt-vlan.js';
import { flagNames, notes, verbOf, words, type Sentence } from './sentence.js';

/** `mdb group 239.0.0.1 on v0 of br0 added (permanent)`. */
export const multicastGroup: Sentence<GetmdbReply> = (value, event, { links }) => {
  const bridge = links.nameOf(value.ifindex);
  const entries = value.mdb?.entry?.flatMap(({ info = [] }) => info) ?? [];
  if (entries.length === 0) return `${value.router === undefined ? 'mdb' : 'multicast router port'} of ${bridge} ${verbOf(event)}`;
  return entries
    .map(({ addr, ifindex, vid, state, source }) =>
      words(
        'mdb group',
        groupOf(addr),
        source !== undefined && `from ${source}`,
        'on',
        links.nameOf(ifindex),
        ifindex !== value.ifindex && `of ${bridge}`,
        vid !== 0 && `vlan ${String(vid)}`,
        verbOf(event),
        notes([String(state)]),
      ),
    )
    .join('; ');
};

/** The group is an address of IPv4, of IPv6 or a MAC, each in a property of its own. */
function groupOf(group: object | undefined): string {
  return Object.values(group ?? {})
    .filter((part) => typeof part === 'string')
    .join(' ');
}

/** `vlan 10 on v0 added (pvid, untagged)`. */
export const vlan: Sentence<GetvlanReply> = (value, event, { links }) => {
  const { ifindex, entry = [], globalOptions = [] } = value;
  if (entry.length === 0)
    return words(
      'vlan options of',
      links.nameOf(ifindex),
      notes([globalOptions.length > 0 && String(globalOptions.length)]),
      verbOf(event),
    );
  return entry
    .map(({ info, range }) =>
      words(
        'vlan',
        range === undefined ? info?.vid : `${String(info?.vid)}-${String(range)}`,
        'on',
        links.nameOf(ifindex),
        verbOf(event),
        notes(flagNames(info?.flags ?? 0, VlanInfoFlags)),
      ),
    )
    .join('; ');
};
