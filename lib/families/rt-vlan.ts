import { watchableFamily, type WatchableFamilyFactory, type WatchDeclaration } from '../live/index.js';
import { DumpFlags, rtVlanSchema, type EntryAttrs, type GetvlanReply, type RtVlanFamily } from './generated/rt-vlan.js';
import { Group, Type } from './rtnetlink.js';

export * from './generated/rt-vlan.js';

type Declaration = WatchDeclaration<GetvlanReply, keyof RtVlanFamily['notifications'], keyof RtVlanFamily['groups']>;

/** Returns the VLANs without the number of groups, which changes without an event. */
function significant({ entry, ...row }: GetvlanReply): object {
  return { ...row, entry: entry?.map(({ mcastNGroups: _groups, ...rest }: EntryAttrs) => rest) };
}

/**
 * VLANs of bridges and their ports, one row for each interface.
 *
 * An event contains some VLANs of an interface, and a row all of them: the table is read again after each event.
 */
const vlans = (flags: number): Declaration => ({
  groups: ['rtnlgrp-brvlan'],
  set: [],
  delete: [],
  key: ({ ifindex }) => ifindex,
  filters: { ifindex: ({ ifindex }) => ifindex, flags: () => flags },
  significant,
  silentOn: { 'newvlan-ntf': true, 'delvlan-ntf': true },
  // The kernel creates and deletes the VLANs of a bridge with the bridge, without an event of their own.
  triggers: [{ group: Group.Link, types: [Type.NewLink, Type.DelLink] }],
});

/** VLANs of bridges and of their ports. @public */
export const rtVlan: WatchableFamilyFactory<RtVlanFamily, 'getvlan'> = watchableFamily(rtVlanSchema, {
  getvlan: ({ flags = 0 }) =>
    (flags & DumpFlags.Stats) === 0
      ? vlans(flags)
      : 'counters change all the time without an event; dump them at an interval and use rates()',
});
