import { watchableFamily, type WatchDeclaration, type WatchableFamilyFactory } from '../live/index.js';
import { tcSchema, type GetqdiscReply, type TcFamily } from './generated/tc.js';

export * from './generated/tc.js';

type Declaration = WatchDeclaration<GetqdiscReply, keyof TcFamily['notifications'], keyof TcFamily['groups']>;

/** The links' group and its message types (uapi/linux/rtnetlink.h): what hangs on a link goes with it in silence. */
const LINK_TRIGGER = { group: 1, types: [16, 17] } as const;

const COUNTERS = ['stats', 'stats2', 'rate', 'xstats'] as const satisfies readonly (keyof GetqdiscReply)[];

const shared = {
  groups: ['rtnlgrp-tc'],
  volatile: COUNTERS,
  triggers: [LINK_TRIGGER],
  waitsForLock: true,
  deletesInterrupt: true,
  emptyOn: ['ENODEV', 'EINVAL'],
} as const;

const interfaceFilter = { ifindex: ({ ifindex }: GetqdiscReply): number => ifindex };

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
  silentOn: { 'delqdisc-ntf': true },
};

/** HTB counts what passes its classes among its options. */
function withoutDirectPackets(qdisc: GetqdiscReply): object {
  if (qdisc.kind !== 'htb' || qdisc.options?.init === undefined) return qdisc;
  const { directPkts: _counted, ...init } = qdisc.options.init;
  return { ...qdisc, options: { ...qdisc.options, init } };
}

const classes: Declaration = {
  ...shared,
  set: ['newtclass-ntf'],
  delete: ['deltclass-ntf'],
  key: ({ ifindex, handle }) => `${ifindex} ${handle}`,
  filters: interfaceFilter,
  // The qdisc that hangs below.
  silent: ['info'],
  // Classes come and go with their qdisc, and qdiscs that make classes of their own do it in silence.
  silentOn: { 'newqdisc-ntf': true, 'delqdisc-ntf': true },
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
export const tc: WatchableFamilyFactory<TcFamily> = watchableFamily(tcSchema, {
  getqdisc: qdiscs,
  gettclass: ({ ifindex = 0 }) => (ifindex === 0 ? 'the kernel lists the classes of one interface only: give its ifindex' : classes),
  gettfilter: ({ ifindex = 0, parent = 0 }) =>
    ifindex === 0 || parent === 0 ? 'the kernel lists the filters below one parent only: give ifindex and parent' : filters,
  getchain: 'filters bring and take chains without an event',
  getaction: 'filters bring and take actions without an event',
});
