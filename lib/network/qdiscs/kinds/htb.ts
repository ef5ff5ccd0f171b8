import type { HtbAttrs } from '../../../families/tc.js';
import { FieldError } from '../../common/field-error.js';
import { boolean } from '../../fields/check.js';
import { number, plain, presence } from '../../fields/option.js';
import { handle, handleText, parseHandle, type Handle } from '../../traffic/handle.js';
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
    defaultClass: { ...plain('defaultClass', handle), write: (value) => parseHandle(value as string) & 0xffff },
    rate2quantum: number('init.rate2quantum', 0xffff_ffff, {}, 1),
    directQueueLength: number('directQlen', 0x7fff_ffff),
    offload: { ...presence('offload'), check: boolean },
  },
  fixed: true,
  check: ({ defaultClass }, context) => {
    if (typeof defaultClass !== 'string') return;
    const number = parseHandle(defaultClass);
    if (context.handle === undefined) throw new FieldError('defaultClass', 'needs the handle of the qdisc beside it');
    if (number >>> 16 !== context.handle >>> 16 || (number & 0xffff) === 0)
      throw new FieldError(
        'defaultClass',
        `expected a class of the qdisc, such as '${handleText(context.handle)}10', not '${defaultClass}'`,
      );
  },
  fromData: (data, context) => {
    const { defcls = 0 } = (data as HtbAttrs).init ?? {};
    const major = (context.handle ?? 0) & 0xffff_0000;
    return { ...data, ...(defcls !== 0 && { defaultClass: handleText((major | defcls) >>> 0) }) };
  },
  toData: ({ defaultClass = 0, 'init.rate2quantum': rate2quantum = 10, offload, ...data }) => ({
    ...data,
    ...(offload === true && { offload }),
    init: { version: VERSION, rate2quantum, defcls: defaultClass },
  }),
};
