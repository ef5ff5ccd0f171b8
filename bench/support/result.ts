import type { Figures } from './figures.js';

/** The result of one contender of a row. */
export interface Series {
  readonly name: string;
  readonly role: 'floor' | 'library' | 'peer';
  /** In the row's unit. */
  readonly figures: Figures;
  /** The ratio to the floor or peer that it alternated with. */
  readonly ratio?: Figures;
  /** The reference of the ratio if that is not the floor. */
  readonly to?: string;
  /** A remark, such as a count that differs. */
  readonly note?: string;
}

/** A bound and the measured figure. */
export interface Check {
  readonly what: string;
  /** A text such as `<= 1.25 x C`. */
  readonly bound: string;
  readonly figure: string;
  readonly holds: boolean;
}

/** A row of the table. */
export interface Result {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly series: readonly Series[];
  readonly checks: readonly Check[];
  /** The peers that are not installed, with the commands that install them. */
  readonly missing: readonly string[];
  /** True if the row could not be measured. */
  readonly failed?: boolean;
}

/** The growth of work with a size: one plot. */
export interface Growth {
  readonly name: string;
  readonly title: string;
  /** The name of the horizontal axis. */
  readonly size: string;
  readonly unit: string;
  readonly sizes: readonly number[];
  readonly curves: readonly Curve[];
  readonly checks: readonly Check[];
  /** True if the work could not be measured. */
  readonly failed?: boolean;
}

/** The part that rows and plots have in common, of those that could not be measured. */
export type Failure = Pick<Result & Growth, 'name' | 'title' | 'unit' | 'checks'> & { readonly failed: true };

export interface Curve {
  readonly name: string;
  /** One for each size, in the plot's unit. */
  readonly values: readonly number[];
  /** The power of the size with which it grows. */
  readonly exponent: number;
}

/** The result of one run of the benchmark. */
export interface Report {
  readonly machine: Readonly<Record<string, string>>;
  readonly results: readonly Result[];
  readonly growth: readonly Growth[];
}
