import { watchableFamily, type WatchDeclaration, type WatchableFamilyFactory } from '../live/index.js';
import { tcSchema, type GetchainReply, type GetqdiscReply, type GettclassReply, type TcFamily, type Tcmsg } from './generated/tc.js';

import { INGRESS_QDISC, majorOf, readAllClasses, readAllFilters, sideOf } from './traffic/places.js';

export * from './generated/tc.js';

type Declaration<Row = GetqdiscReply> = WatchDeclaration<Row, keyof TcFamily['notifications'], keyof TcFamily['groups']>;

/** RTNLGRP_LINK, RTM_NEWLINK and RTM_DELLINK (uapi/linux/rtnetlink.h): the kernel silently deletes qdiscs with their link. */
const LINK_TRIGGER = { group: 1, types: [16, 17] } as const;

/** TC_H_ROOT: the parent of classes directly below the qdisc (uapi/linux/pkt_sched.h). */
const ROOT = 0xffff_ffff;

/** Kinds that silently create, change or delete the qdiscs below them when they are created or changed. */
const PARENT_KINDS: ReadonlySet<string> = new Set(['ets', 'mq', 'mqprio', 'multiq', 'prio', 'red', 'sfb', 'taprio', 'tbf']);

const COUNTERS = ['stats', 'stats2', 'rate', 'xstats'] as const satisfies readonly (keyof GetqdiscReply)[];

const shared = {
  groups: ['rtnlgrp-tc'],
  volatile: COUNTERS,
  triggers: [LINK_TRIGGER],
  waitsForLock: true,
  deletesInterrupt: true,
  emptyOn: ['ENODEV', 'EINVAL'],
} as const;

const interfaceFilter = { ifindex: ({ ifindex }: { readonly ifindex: number }): number => ifindex };
/** The kernel filters by none of these. */
const objectFilters = {
  ...interfaceFilter,
  handle: ({ handle }: { readonly handle: number }): number => handle,
  kind: ({ kind }: { readonly kind?: string }): string | undefined => kind,
};

const qdiscs: Declaration = {
  ...shared,
  set: ['newqdisc-ntf'],
  delete: ['delqdisc-ntf'],
  key: ({ ifindex, parent }) => `${ifindex} ${parent}`,
  filters: { ...objectFilters, parent: ({ parent }) => parent },
  kernelFilters: ['dumpInvisible'],
  // tcm_info: the number of references.
  volatile: [...COUNTERS, 'info'],
  significant: withoutDirectPackets,
  // The kernel silently attaches a default qdisc in place of a deleted one.
  silentOn: {
    'newqdisc-ntf': ({ kind }) => kind !== undefined && PARENT_KINDS.has(kind),
    'delqdisc-ntf': true,
    // The kernel silently deletes the qdisc below a class with the class, and when the class gets an inner class.
    'deltclass-ntf': true,
    'newtclass-ntf': isInner,
  },
};

/** Returns true if the parent of a class is another class. */
function isInner({ parent }: Tcmsg): boolean {
  return parent !== ROOT;
}

/** Removes the packet counter that HTB has among its options. */
function withoutDirectPackets(qdisc: GetqdiscReply): object {
  if (qdisc.kind !== 'htb' || qdisc.options?.init === undefined) return qdisc;
  const { directPkts: _counted, ...init } = qdisc.options.init;
  return { ...qdisc, options: { ...qdisc.options, init } };
}

const classes: Declaration<GettclassReply> = {
  ...shared,
  set: ['newtclass-ntf'],
  delete: ['deltclass-ntf'],
  key: ({ ifindex, handle }) => `${ifindex} ${handle}`,
  // The kernel lists all classes of the qdisc of a parent (TC_H_MAJ).
  filters: { ...objectFilters, parent: ({ handle, parent }, wanted) => (majorOf(handle) === majorOf(wanted as number) ? wanted : parent) },
  kernelFilters: [],
  // tcm_info: the qdisc below the class.
  silent: ['info'],
  silentOn: {
    // The kernel deletes classes with their qdisc, and some qdiscs create classes, without an event.
    'newqdisc-ntf': true,
    'delqdisc-ntf': true,
    // The level of a class changes with its first and its last inner class.
    'newtclass-ntf': isInner,
    'deltclass-ntf': isInner,
  },
};

const filters: Declaration = {
  ...shared,
  set: ['newtfilter-ntf'],
  delete: ['deltfilter-ntf'],
  // An event has the parent of the request that caused it, a row that of the dump.
  key: ({ ifindex, parent, info, chain = 0, handle, kind = '' }) => `${ifindex} ${sideOf(parent)} ${info} ${chain} ${kind} ${handle}`,
  filters: { ...objectFilters, parent: ({ parent }, wanted) => (sideOf(parent) === sideOf(wanted as number) ? wanted : parent) },
  kernelFilters: ['info', 'chain', 'dumpFlags'],
  // The entry for all filters of one priority (handle 0) appears and disappears without an event.
  accepts: ({ handle }) => handle !== 0,
  silentOn: {
    // The kernel creates the hash tables with the first filter, without an event.
    'newtfilter-ntf': ({ kind }) => kind === 'u32',
    'deltfilter-ntf': true,
    'delqdisc-ntf': true,
    'delchain-ntf': true,
  },
};

const chains: Declaration<GetchainReply> = {
  ...shared,
  // Events and rows name the qdisc, but not the class or the side of clsact that has the chain: an event only causes another dump.
  set: [],
  delete: [],
  key: ({ chain = 0 }) => chain,
  volatile: [],
  filters: { ...interfaceFilter, parent: (_chain, wanted) => wanted },
  silentOn: {
    // The kernel also sends these for chains that it creates and deletes with their filters.
    'newchain-ntf': true,
    'delchain-ntf': true,
    // Older kernels can make a qdisc the root that has chains already.
    'newqdisc-ntf': true,
  },
};

/** The kernel lists the classes and the filters of one interface at a time. */
const LINK = ['ifindex'] as const;

/** Traffic control: qdiscs, classes, filters, chains. @public */
export const tc: WatchableFamilyFactory<TcFamily, 'getqdisc' | 'gettclass' | 'gettfilter' | 'getchain'> = watchableFamily(tcSchema, {
  getqdisc: qdiscs,
  gettclass: ({ ifindex = 0 }) => (ifindex === 0 ? { ...classes, read: readAllClasses, needs: LINK } : classes),
  gettfilter: ({ ifindex = 0, parent = 0 }) =>
    // `clsact` has no filters below its handle, and those of `ingress` have the number of the side in other dumps.
    ifindex === 0 || parent === 0 || parent === INGRESS_QDISC ? { ...filters, read: readAllFilters, needs: LINK } : filters,
  getchain: ({ ifindex = 0 }) =>
    ifindex === 0 ? 'the kernel lists the chains of one qdisc or class only; set ifindex, and parent' : chains,
  getaction: 'the kernel creates and deletes actions with filters, without an event',
});
