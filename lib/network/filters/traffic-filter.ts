import type { GettfilterReply } from '../../families/tc.js';
import type { Read, Row, Written } from '../common/written.js';
import type { Where } from '../tables/verbs.js';
import type { Handle } from '../traffic/handle.js';
import type { TrafficAction } from './actions/traffic-action.js';
import type { Verdict } from './actions/verdict.js';
import type { FilterHandle } from './filter-handle.js';
import type { TrafficMatch } from './match/traffic-match.js';
import type { PacketProtocol } from './protocols.js';

/** The place of a filter: a side of `clsact` or `ingress`, the root qdisc, or another qdisc or class by its handle. @public */
export type FilterParent = 'root' | 'ingress' | 'egress' | Handle;

/** A kind of filters (`TCA_KIND`). @public */
export type FilterKind = 'matchall' | 'flower' | 'u32' | 'bpf' | 'basic' | 'cgroup' | 'fw' | 'flow' | 'route';

/** The properties of a filter that can be written. @public */
export interface FilterFields<U extends Written = Read> {
  /** The link by name (`tcm_ifindex`). */
  readonly link: string;
  /** The qdisc, the class or the side of the link (`tcm_parent`). A filter of the root qdisc is read with the handle of that qdisc. */
  readonly parent: FilterParent;
  /** The chain (`TCA_CHAIN`). @defaultValue for a new filter 0 */
  readonly chain?: number;
  /** The priority: lower numbers come first (`tcm_info`). All filters of one priority have the same kind and protocol. */
  readonly priority: number;
  /** The protocol of the packets (`tcm_info`). @defaultValue for a new filter the one that its match needs, or `'all'` */
  readonly protocol?: PacketProtocol;
  /** The number of the filter in its priority (`tcm_handle`); the kernel chooses one if omitted. */
  readonly handle?: FilterHandle;
  /** The kind (`TCA_KIND`). */
  readonly kind: FilterKind | (string & {});
  /** The conditions, of the kinds `flower` and `u32`; a filter without it matches all packets of its protocol. */
  readonly match?: TrafficMatch | U['none'];
  /** The class that the packets go to (`TCA_*_CLASSID`). */
  readonly to?: Handle | U['none'];
  /** The actions in their order (`TCA_*_ACT`); the whole list. */
  readonly actions?: readonly (TrafficAction<U> | Shorthand<U>)[] | U['none'];
  /** The device must not run the filter (`TCA_CLS_FLAGS_SKIP_HW`). */
  readonly skipHardware?: boolean;
  /** Only the device runs the filter (`TCA_CLS_FLAGS_SKIP_SW`). */
  readonly skipSoftware?: boolean;
  /** The attributes that no other property means, in the words of the family `tc`. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Writers accept a verdict alone as an action of kind `gact`; readers return actions. @public */
export type Shorthand<U extends Written> = [U['none']] extends [never] ? never : Exclude<Verdict, number>;

/** The properties of a filter that only the kernel sets. @public */
export interface FilterState {
  /** The index of the link. */
  readonly linkIndex: number;
  /** The device runs the filter (`TCA_CLS_FLAGS_IN_HW`). */
  readonly inHardware?: boolean;
}

/** A filter of traffic control. @public */
export type TrafficFilter = FilterFields & FilterState & { readonly [Row]: GettfilterReply };

/** A filter to write. @public */
export type FilterSpec = FilterFields<Written>;

/**
 * The key of a filter; omitted parts match any. Several filters may share a priority; `handle` distinguishes them.
 *
 * @public
 */
export type FilterKey = Pick<FilterFields, 'link' | 'parent'> & Partial<Pick<FilterFields, 'chain' | 'priority' | 'protocol' | 'handle'>>;

/** A filter for filters. @public */
export type FilterFilter = Where<FilterFields & FilterState>;
