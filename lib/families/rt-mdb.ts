import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { rtMdbSchema, type EattrAttrs, type GetmdbReply, type RouterPattrAttrs, type RtMdbFamily } from './generated/rt-mdb.js';
import { Group, Type } from './rtnetlink.js';

export * from './generated/rt-mdb.js';

const timeless = ({ timer: _timer, srcList, ...info }: EattrAttrs): object => ({
  ...info,
  srcList: srcList?.entry?.map(({ address }) => address),
});

const routerOf = ({ timer: _timer, inetTimer, inet6Timer, ...port }: RouterPattrAttrs): object => ({
  ...port,
  families: [inetTimer !== undefined, inet6Timer !== undefined],
});

/** Returns the groups and the router ports without their timers, which change all the time. */
function significant({ mdb, router, ...row }: GetmdbReply): object {
  return { ...row, groups: mdb?.entry?.map(({ info }) => info?.map(timeless)), ports: router?.port?.map(routerOf) };
}

/** Multicast groups of bridges and of VXLAN devices. @public */
export const rtMdb: WatchableFamilyFactory<RtMdbFamily, 'getmdb'> = watchableFamily(rtMdbSchema, {
  getmdb: {
    groups: ['rtnlgrp-mdb'],
    // An event contains one group of a bridge, and a row all of them: the table is read again after each event.
    set: [],
    delete: [],
    key: ({ ifindex }) => ifindex,
    significant,
    silentOn: { 'newmdb-ntf': true, 'delmdb-ntf': true },
    // A bridge has a row as long as it exists, without an event of its own.
    triggers: [{ group: Group.Link, types: [Type.NewLink, Type.DelLink] }],
  },
});
