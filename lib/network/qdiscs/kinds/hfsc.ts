import type { TcHfscQopt } from '../../../families/tc.js';
import { checkDefaultClass, defaultClass, defaultClassOf } from '../../traffic/default-class.js';
import type { Handle } from '../../traffic/handle.js';
import type { TrafficKind } from '../../traffic/kind.js';

/** The options of a qdisc of kind `hfsc`: a tree of classes with service curves (struct tc_hfsc_qopt). @public */
export interface HfscOptions {
  /** The class of packets that no filter matches, such as `'1:30'`; absent: they are dropped (`defcls`). */
  readonly defaultClass?: Handle;
}

/** The kind `hfsc`. @internal */
export const hfsc: TrafficKind<HfscOptions> = {
  options: { defaultClass },
  whole: true,
  check: ({ defaultClass: wanted }, context) => checkDefaultClass(wanted, context),
  fromData: (data, context) => {
    const found = defaultClassOf((data as unknown as TcHfscQopt).defcls, context);
    return found === undefined ? {} : { defaultClass: found };
  },
  toData: ({ defaultClass: defcls = 0 }) => ({ defcls }),
};
