import type { Figures } from './figures.js';

/** What one contender of a row came to. */
export interface Series {
  readonly name: string;
  readonly role: 'floor' | 'library' | 'peer';
  /** In the row's unit. */
  readonly figures: Figures;
  /** To the floor or peer that it worked in turn with. */
  readonly ratio?: Figures;
  /** Whom the ratio is to, where that is not the floor. */
  readonly to?: string;
  /** What to know about it, such as a count that differs. */
  readonly note?: string;
}

/** A bound, and what was seen. */
export interface Check {
  readonly what: string;
  /** In words, `<= 1.25 x the C floor`. */
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
  /** Peers that are not there, and how to get them. */
  readonly missing: readonly string[];
}

/** How the work grows with something: one plot. */
export interface Growth {
  readonly name: string;
  readonly title: string;
  /** What is on the horizontal axis. */
  readonly size: string;
  readonly unit: string;
  readonly sizes: readonly number[];
  readonly curves: readonly Curve[];
  readonly checks: readonly Check[];
}

export interface Curve {
  readonly name: string;
  /** One for each size, in the plot's unit. */
  readonly values: readonly number[];
  /** How it grows: the power of the size. */
  readonly exponent: number;
}

/** All that one run of the benchmark has found. */
export interface Report {
  readonly machine: Readonly<Record<string, string>>;
  readonly results: readonly Result[];
  readonly growth: readonly Growth[];
}
