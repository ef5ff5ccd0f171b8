import type { Observable } from 'rxjs';
import type { Network, NetworkOptions } from '../../network/index.js';
import type { Column } from '../output/table.js';

/** A value of a filter. */
export type FilterValue = string | number | boolean | null | { readonly [name: string]: FilterValue };

/** The words of a command line as a filter: the properties of the objects, with their values. */
export type Filter = Readonly<Record<string, FilterValue>>;

/** A table of `network()` as a command shows it. */
export interface Listing<T> {
  /** The property that a word without `=` means: `rxnetlink links eth0` is `rxnetlink links name=eth0`. */
  readonly word: string;
  readonly columns: readonly Column<T>[];
  /** Returns what `--json` prints of an object, if that is not the object. */
  readonly json?: (object: T) => object;
  /** Emits the objects once. `options` are those of `net`, for families that `network()` has no table of. */
  readonly list: (net: Network, filter: Filter, options: NetworkOptions) => Observable<readonly T[]>;
  /** Emits all objects, and again after every change. */
  readonly watch: (net: Network, filter: Filter, options: NetworkOptions) => Observable<readonly T[]>;
}

/** Options that all listings have. */
export interface ListingOptions {
  readonly json?: boolean;
  readonly watch?: boolean;
  readonly netns?: string;
  readonly allNamespaces?: boolean;
}
