import type { GetqdiscReply } from '../../families/tc.js';
import type { No, Read, Row, Written } from '../common/written.js';
import type { Where } from '../tables/verbs.js';
import type { Handle } from '../traffic/handle.js';
import type { TrafficStatistics } from '../traffic/statistics.js';
import type { QdiscKind, QdiscKinds } from './kinds/kinds.js';

/**
 * The place of a qdisc: the root of a link, the place of `clsact` and `ingress` (`TC_H_CLSACT`), or the class above it.
 *
 * @public
 */
export type QdiscParent = 'root' | 'clsact' | Handle;

/** The properties of a qdisc that can be written, except its kind and the options of the kind. @public */
export interface QdiscFields {
  /** The link, by name (`tcm_ifindex`). */
  readonly link: string;
  /**
   * The place of the qdisc (`tcm_parent`). A link has one qdisc at each place.
   * @defaultValue for a new qdisc `'clsact'` if its kind is `clsact` or `ingress`, else `'root'`
   */
  readonly parent?: QdiscParent;
  /** The handle, such as `'1:'` (`tcm_handle`). A new qdisc without one gets `'8001:'` or a higher one that no qdisc of the link has. */
  readonly handle?: Handle;
}

/** The properties of a qdisc that only the kernel sets. @public */
export interface QdiscState {
  /** The index of the link. */
  readonly linkIndex: number;
  /** The kernel attached the qdisc, because there is no other one. It has no handle and cannot be deleted. */
  readonly byDefault: boolean;
  /** The hardware does the work (`TCA_HW_OFFLOAD`). */
  readonly offloaded?: boolean;
}

/** One kind of qdiscs with its options. @public */
export type OneQdiscKind<U extends Written, K extends QdiscKind> = { readonly kind: K } & { readonly [P in K]?: QdiscKinds<U>[P] } & No<
    Exclude<QdiscKind, K> | 'options'
  >;

/**
 * The kind of a qdisc with its options.
 *
 * The property with the options has the name of the kind. The options of a kind that this library does not translate are
 * `options`, in the words of the engine.
 *
 * @public
 */
export type QdiscKindPart<U extends Written = Read> =
  | { readonly [K in QdiscKind]: OneQdiscKind<U, K> }[QdiscKind]
  | ({ readonly kind: string & {}; readonly options?: Readonly<Record<string, unknown>> } & No<QdiscKind>);

/** A qdisc without its counters: `watch` and views have these. @public */
export type WatchedQdisc = QdiscFields & QdiscKindPart & QdiscState & { readonly parent: QdiscParent; readonly [Row]: GetqdiscReply };

/** A qdisc: the queue of a link or of a class. @public */
export type Qdisc = WatchedQdisc & {
  /** The counters. */
  readonly statistics: TrafficStatistics;
};

/** A qdisc to write. @public */
export type QdiscSpec = QdiscFields & QdiscKindPart<Written>;

/** The properties of a qdisc that `change` writes. Its options need `kind` beside them. @public */
export type QdiscPart = Partial<QdiscFields> & (QdiscKindPart<Written> | No<QdiscKind | 'kind' | 'options'>);

/** The key of a qdisc: link and place; or link and handle. A qdisc is a key too: its handle does not count. @public */
export type QdiscKey = Pick<QdiscFields, 'link' | 'parent' | 'handle'>;

/** A filter for qdiscs. @public */
export type QdiscFilter = Where<QdiscFields & QdiscState> & { readonly kind?: QdiscKind | (string & {}) };
