import type { Read, Written } from '../common/written.js';
import type { Difference } from '../tables/verbs.js';
import type { Percent } from '../units/percent.js';

/** The limits of a link. Omitted properties are left alone, `null` removes a limit. @public */
export interface Shape<U extends Written = Read> {
  /** The rate of outgoing packets, at least 8,000 bit/s; a number is bit/s. */
  readonly out?: U['rate'] | U['none'];
  /** The rate of incoming packets, as `out`. */
  readonly in?: U['rate'] | U['none'];
  /** The delay of outgoing packets. It needs `netem` in the kernel. */
  readonly delay?: U['time'] | U['none'];
  /** The share of outgoing packets that are lost. It needs `netem` in the kernel. */
  readonly loss?: Percent | U['none'];
}

/** The result of `shape`. @public */
export interface Shaped {
  /** The link. */
  readonly link: string;
  /** The limits of the link now. */
  readonly shape: Shape;
  /** The changes that were written; empty if the link was as wanted. */
  readonly changed: readonly Difference[];
}
