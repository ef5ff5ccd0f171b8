import { watchableFamily, type WatchDeclaration, type WatchableFamilyFactory } from '../live/index.js';
import { tcSchema, type GetqdiscReply, type GettclassReply, type TcFamily, type Tcmsg } from './generated/tc.js';

export * from './generated/tc.js';

type Declaration<Row = GetqdiscReply> = WatchDeclaration<Row, keyof TcFamily['notifications'], keyof TcFamily['groups']>;

/** The links' group and its message types (uapi/linux/rtnetlink.h): what hangs on a link goes with it in silence. */
const LINK_TRIGGER = { group: 1, types: [16, 17] } as const;

/** TC_H_ROOT: what hangs on the qdisc itself and not on another class (uapi/linux/pkt_sched.h). */
const ROOT = 0xffff_ffff;

/** Kinds that make, change or drop qdiscs below them, in silence, when they are made or changed themselves. */
const MINDERS: ReadonlySet<string> = new Set(['ets', 'mq', 'mqprio', 'multiq', 'prio', 'red', 'sfb', 'taprio', 'tbf']);

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

const qdiscs: Declaration = {
  ...shared,
  set: ['newqdisc-ntf'],
  delete: ['delqdisc-ntf'],
  key: ({ ifindex, parent }) => `${ifindex} ${parent}`,
  filters: interfaceFilter,
  // How many refer to it.
  volatile: [...COUNTERS, 'info'],
  significant: withoutDirectPackets,
  // A default one takes the place of what is deleted.
  silentOn: {
    'newqdisc-ntf': ({ kind }) => kind !== undefined && MINDERS.has(kind),
    'delqdisc-ntf': true,
    // The qdisc below a class goes with it, and when the class gets one of its own.
    'deltclass-ntf': true,
    'newtclass-ntf': isInner,
  },
};

/** Tells whether a class hangs on another one. */
function isInner({ parent }: Tcmsg): boolean {
  return parent !== ROOT;
}

/** HTB counts what passes its classes among its options. */
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
  filters: interfaceFilter,
  // The qdisc that hangs below.
  silent: ['info'],
  silentOn: {
    // Classes come and go with their qdisc, and qdiscs that make classes of their own do it in silence.
    'newqdisc-ntf': true,
    'delqdisc-ntf': true,
    // A class has another level when it gets the first of its own, or loses the last.
    'newtclass-ntf': isInner,
    'deltclass-ntf': isInner,
  },
};

const filters: Declaration = {
  ...shared,
  set: ['newtfilter-ntf'],
  delete: ['deltfilter-ntf'],
  key: ({ ifindex, parent, info, chain = 0, handle, kind = '' }) => `${ifindex} ${parent} ${info} ${chain} ${kind} ${handle}`,
  filters: { ...interfaceFilter, parent: ({ parent }) => parent },
  // What stands over the filters of one priority comes and goes without an event.
  accepts: ({ handle }) => handle !== 0,
  silentOn: {
    // Its hash tables come with the first filter and are not told of.
    'newtfilter-ntf': ({ kind }) => kind === 'u32',
    'deltfilter-ntf': true,
    'delqdisc-ntf': true,
    'delchain-ntf': true,
  },
};

/** Traffic control: qdiscs, classes, filters, chains. @public */
export const tc: WatchableFamilyFactory<TcFamily, 'getqdisc' | 'gettclass' | 'gettfilter'> = watchableFamily(tcSchema, {
  getqdisc: qdiscs,
  gettclass: ({ ifindex = 0 }) => (ifindex === 0 ? 'the kernel lists the classes of one interface only: give its ifindex' : classes),
  gettfilter: ({ ifindex = 0, parent = 0 }) =>
    ifindex === 0 || parent === 0 ? 'the kernel lists the filters below one parent only: give ifindex and parent' : filters,
  getchain: 'filters bring and take chains without an event',
  getaction: 'filters bring and take actions without an event',
});
