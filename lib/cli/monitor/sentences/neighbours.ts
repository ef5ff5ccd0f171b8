import { NtfFlags, NudState, type GetneighReply } from '../../../families/rt-neigh.js';
import { flagNames, notes, words, type Sentence } from './sentence.js';

/** `neighbour 10.0.0.2 on eth0 is 02:00:00:00:00:01 (reachable)`. The kernel sends the same message for a new entry and for a changed one. */
export const neighbour: Sentence<GetneighReply> = (value, { operation }, { links }) => {
  const { dst, lladdr, ndmIfindex, ndmState, ndmFlags } = value;
  const named = words('neighbour', dst, 'on', links.nameOf(ndmIfindex));
  if (operation === 'delneigh') return `${named} removed`;
  const states = [...flagNames(ndmState, NudState), ...flagNames(ndmFlags, NtfFlags)];
  return words(named, lladdr === undefined ? 'has no MAC' : `is ${lladdr}`, notes(states));
};

/** `fdb entry 02:00:00:00:00:01 on v0 of br0 set (permanent)`. */
export const forwarding: Sentence<GetneighReply> = (value, { operation }, { links }) => {
  const { lladdr, ndmIfindex, ndmState, ndmFlags, vlan, master, dst, vni } = value;
  return words(
    'fdb entry',
    lladdr,
    'on',
    links.nameOf(ndmIfindex),
    master !== undefined && master !== ndmIfindex && `of ${links.nameOf(master)}`,
    vlan !== undefined && `vlan ${String(vlan)}`,
    dst !== undefined && `to ${dst}`,
    vni !== undefined && `vni ${String(vni)}`,
    operation === 'delneigh' ? 'removed' : 'set',
    operation !== 'delneigh' && notes([...flagNames(ndmState, NudState), ...flagNames(ndmFlags, NtfFlags)]),
  );
};
