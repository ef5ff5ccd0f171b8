import type { GettclassReply } from '../../families/tc.js';
import type { No, Read, Row, Written } from '../common/written.js';
import type { Where } from '../tables/verbs.js';
import type { Handle } from '../traffic/handle.js';
import type { TrafficStatistics } from '../traffic/statistics.js';
import type { ClassKind, ClassKinds } from './class-kinds.js';

/** The properties of a class that can be written, except its kind and the options of the kind. @public */
export interface ClassFields {
  /** The link, by name (`tcm_ifindex`). */
  readonly link: string;
  /** The handle: that of the qdisc and a minor number, such as `'1:30'` (`tcm_handle`). */
  readonly handle: Handle;
  /**
   * The class or the qdisc above it (`tcm_parent`). The kernel cannot change it.
   * @defaultValue for a new class the qdisc of its handle
   */
  readonly parent?: Handle;
}

/** The properties of a class that only the kernel sets. @public */
export interface ClassState {
  /** The index of the link. */
  readonly linkIndex: number;
}

/** One kind of classes with its options. @public */
export type OneClassKind<U extends Written, K extends ClassKind> = { readonly kind: K } & { readonly [P in K]?: ClassKinds<U>[P] } & No<
    Exclude<ClassKind, K> | 'options'
  >;

/**
 * The kind of a class with its options: that of its qdisc.
 *
 * The property with the options has the name of the kind. The options of a kind that this library does not translate are
 * `options`, in the words of the engine.
 *
 * @public
 */
export type ClassKindPart<U extends Written = Read> =
  | { readonly [K in ClassKind]: OneClassKind<U, K> }[ClassKind]
  | ({ readonly kind: string & {}; readonly options?: Readonly<Record<string, unknown>> } & No<ClassKind>);

/** A class without its counters: `watch` and views have these. @public */
export type WatchedClass = ClassFields & ClassKindPart & ClassState & { readonly parent: Handle; readonly [Row]: GettclassReply };

/** A class of a qdisc. @public */
export type TrafficClass = WatchedClass & {
  /** The counters. */
  readonly statistics: TrafficStatistics;
};

/** A class to write. @public */
export type ClassSpec = ClassFields & ClassKindPart<Written>;

/** The properties of a class that `change` writes. Its options need `kind` beside them. @public */
export type ClassPart = Partial<ClassFields> & (ClassKindPart<Written> | No<ClassKind | 'kind' | 'options'>);

/** The key of a class. A class is a key too. @public */
export type ClassKey = Pick<ClassFields, 'link' | 'handle'>;

/** A filter for classes. @public */
export type ClassFilter = Where<ClassFields & ClassState> & { readonly kind?: ClassKind | (string & {}) };
