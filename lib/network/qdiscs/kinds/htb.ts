import type { HtbAttrs } from '../../../families/tc.js';
import { boolean } from '../../fields/check.js';
import { number, presence } from '../../fields/option.js';
import { checkDefaultClass, defaultClass, defaultClassOf } from '../../traffic/default-class.js';
import type { Handle } from '../../traffic/handle.js';
import type { TrafficKind } from '../../traffic/kind.js';

/** The options of a qdisc of kind `htb`: a tree of classes with rates (`TCA_HTB_*`). The kernel cannot change them. @public */
export interface HtbOptions {
  /** The class of packets that no filter matches, such as `'1:30'`; absent: they are sent at once (`defcls`). */
  readonly defaultClass?: Handle;
  /**
   * The quantum of a class without one is its rate in bytes per second, divided by this (`rate2quantum`, `r2q` of `tc`).
   * @defaultValue 10
   */
  readonly rate2quantum?: number;
  /** The largest number of packets that wait to be sent at once (`TCA_HTB_DIRECT_QLEN`). */
  readonly directQueueLength?: number;
  /** The hardware shapes (`TCA_HTB_OFFLOAD`). */
  readonly offload?: boolean;
}

/** The major version in HTB_VER (linux/pkt_sched.h). */
const VERSION = 3;

/** The kind `htb`. @internal */
export const htb: TrafficKind<HtbOptions> = {
  options: {
    defaultClass,
    rate2quantum: number('init.rate2quantum', 0xffff_ffff, {}, 1),
    directQueueLength: number('directQlen', 0x7fff_ffff),
    offload: { ...presence('offload'), check: boolean },
  },
  fixed: true,
  check: ({ defaultClass: wanted }, context) => checkDefaultClass(wanted, context),
  fromData: (data, context) => {
    const found = defaultClassOf((data as HtbAttrs).init?.defcls ?? 0, context);
    return { ...data, ...(found !== undefined && { defaultClass: found }) };
  },
  toData: ({ defaultClass: defcls = 0, 'init.rate2quantum': rate2quantum = 10, offload, ...data }) => ({
    ...data,
    ...(offload === true && { offload }),
    init: { version: VERSION, rate2quantum, defcls },
  }),
};
