import type { Observable } from 'rxjs';
import type { NetworkOptions } from '../../network/index.js';
import type { Column } from '../output/table.js';

/** A value of a filter. */
export type FilterValue = string | number | boolean | null | { readonly [name: string]: FilterValue };

/** The words of a command line as a filter: the properties of the objects, with their values. */
export type Filter = Readonly<Record<string, FilterValue>>;

/** An open table. */
export interface Closable {
  close(): void;
}

/** The properties of a table that words without `=` are about. */
export interface WordProperties {
  /** The property that a word without `=` means: `rxnetlink links eth0` is `rxnetlink links name=eth0`. */
  readonly word: string;
  /** Another property, for IP addresses, and whether its values may have a prefix length: a message names it for such a word. */
  readonly addressProperty?: { readonly name: string; readonly hasLength?: true };
}

/** A table of a namespace as a command shows it. */
export interface Listing<T, Net extends Closable> extends WordProperties {
  /** True if a number is a value of this property, and not a name: of a table, or a mark. */
  readonly wordMayBeNumber?: true;
  readonly columns: readonly Column<T>[];
  /** Returns what `--json` prints of an object, if that is not the object. */
  readonly json?: (object: T) => object;
  /** Opens the table of a namespace, and not `network()`: the command loads the code of this table only. */
  readonly open: (options: NetworkOptions) => Net;
  /** Emits the objects once. */
  readonly list: (net: Net, filter: Filter) => Observable<readonly T[]>;
  /** Emits all objects, and again after every change. */
  readonly watch: (net: Net, filter: Filter) => Observable<readonly T[]>;
}

/** Options that all listings have. */
export interface ListingOptions {
  readonly json?: boolean;
  readonly watch?: boolean;
  readonly netns?: string;
  readonly allNamespaces?: boolean;
}

/** An object, and the name of its namespace if objects of several are listed. */
export interface Listed<T> {
  readonly row: T;
  readonly namespace?: string;
}

/** The objects of one namespace, or of several. */
export interface Reading<T> {
  readonly rows: readonly Listed<T>[];
  /** True if a namespace could not be read. */
  readonly isPartial?: boolean;
}

/** Reads the objects of one namespace. */
export type Read<T> = (options: NetworkOptions) => Observable<readonly T[]>;
