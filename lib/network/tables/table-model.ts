import type { Observable } from 'rxjs';
import type { LiveTable } from '../../live/index.js';
import type { ErrorContext } from '../common/translate-error.js';
import type { TypicalArguments } from '../fields/argument-error.js';
import type { Check } from '../fields/check.js';
import type { Normal, Shape } from '../fields/shape.js';
import type { NumberNames } from '../names/number-names.js';
import type { LinkNames } from '../names/link-names.js';
import type { RequestStep, Step } from './step.js';
import type { TableKey } from './verbs.js';
import type { FilterComparisons } from './where.js';

/** An object as a verb wants it: the checked spec, or the object that is there with the changes in it. @internal */
export type Wanted = Normal;

/** The way from an object to the wanted one. @internal */
export type Update =
  /** These requests change the object in place. */
  | { readonly steps: readonly Step[] }
  /** The kernel cannot change these properties; deleting the object and creating it again can. */
  | {
      readonly recreate: readonly string[];
      /** The requests that delete and create it; those of the model if omitted. */
      readonly steps?: readonly Step[];
    };

/** The way to make the kernel reject the creation of an object where another one stands, which it would replace. @internal */
export interface Claim {
  /** Returns true if the kernel would replace another object. */
  readonly isNeeded: (wanted: Wanted) => boolean;
  /** Returns the wanted object with what makes the kernel reject it. @param objects - The objects of the same link at least. */
  readonly claimed: (wanted: Wanted, objects: readonly object[]) => Wanted;
}

/**
 * The facts about one table of the kernel that the verbs need: the translation of its rows, and the requests that write them.
 *
 * @typeParam T - The objects that readers return.
 * @internal
 */
export interface TableModel<T extends object> {
  readonly table: TableKey;
  /** One object in words: `address`. */
  readonly noun: string;
  /** The arguments that the verbs typically have, for errors about others. */
  readonly typical: TypicalArguments;
  /** The properties that writers accept. */
  readonly shape: Shape;
  /** The properties that a key may have. */
  readonly key: Shape;
  /** Scalar properties that only readers return, for filters. */
  readonly state: readonly string[];
  /** Properties that each object that was read has. An object without one of them must not have those of readers. */
  readonly always: readonly string[];
  /** Properties that identify an object: `change` cannot change them. */
  readonly identity: readonly string[];
  /** Error codes of writes that mean that the object does not exist. */
  readonly missing: readonly string[];
  /** Error codes of writes that mean that an object with the key exists, besides EEXIST. */
  readonly exists?: readonly string[];
  /** Returns the meaning of a kernel error, if it has one of its own. */
  readonly explain?: ErrorContext['explain'];
  /** The verb that changes the identity; the error of `change` names it. */
  readonly identityRemedy?: string;

  /** Properties that a key must have; without any, a key needs at least one of those in `key`. */
  readonly keyNeeds: readonly string[];
  /** Returns a key in the form of an object; only links have keys that are text. */
  readonly readKey?: (key: unknown) => unknown;
  /** Fills in what follows from other properties, in a spec, a part of one, a key or a filter. It may change the object. */
  readonly complete?: (wanted: Record<string, unknown>) => Wanted;
  /** Checks a spec as it is written, before units are translated; not called for objects that were read. @throws FieldError */
  readonly checkGiven?: (given: object) => void;
  /** Checks properties that depend on each other. @throws FieldError */
  readonly check?: (wanted: Wanted) => void;
  /** Checks the part of an object that `change` writes, like `check`. @throws FieldError */
  readonly checkPart?: (wanted: Wanted) => void;
  /** Names an object in words, without its noun: `10.0.0.1/24 on eth0`. */
  readonly nameOf: (object: Wanted) => string;
  /** Returns a text that all objects share that one key may match. */
  readonly slot: (object: Wanted) => string;
  /** Returns true if an object has the key. */
  readonly matches: (object: T, key: Wanted) => boolean;
  /** Returns true if a key has all properties of an object, and no others; such an object comes first. */
  readonly isExactly?: (object: T, key: Wanted) => boolean;
  /** Returns the key of a wanted object, with the defaults of omitted parts. */
  readonly keyOf: (wanted: Wanted) => Wanted;

  /** The names of routing tables, if `table` is a property; other names are those of VRF links. */
  readonly tableNames?: NumberNames;
  /** Properties whose values are names of links. */
  readonly linkFields: readonly string[];
  /** The links that a wanted object or a key names elsewhere, such as in the hops of a route. */
  readonly moreLinks?: (wanted: Wanted) => readonly string[];
  /** Replaces the names of these links: alternative names by names. */
  readonly renameLinks?: (wanted: Wanted, nameOf: (link: string) => string) => Wanted;
  /** Returns the indexes of the links that a row names, if they may be others than those of the spec. */
  readonly linkIndexes?: (row: object) => readonly number[];
  /** True if rows name only the links of the key that selects them. */
  readonly namesByKey: boolean;
  /** True if `read` adds the names of links to the empty ones that it receives; the verbs then read none before it. */
  readonly readsNames?: true;
  /** Reads the objects that a key or a filter may match; all without one. */
  readonly read: (names: LinkNames, key?: Wanted) => Observable<readonly T[]>;
  /** Adds the parts of an object that a verb writes and that `read` does not read. */
  readonly withParts?: (object: T, wanted: Wanted) => Observable<T | undefined>;
  /** Returns the dump request for the rows that a filter may match, without properties of links: these may appear later. @throws FieldError */
  readonly watchRequest: (filter: Wanted) => object;
  /** Returns the rows of such a request, kept current; undefined for the links, whose rows are watched for each table. */
  readonly rows?: (request: object) => LiveTable<object>;
  /** Translates a row; undefined if it means no object. */
  readonly fromRow: (row: object, names: LinkNames) => T | undefined;

  /** Translates a row for `watch` and views, without counters; `fromRow` if omitted. */
  readonly watchedRow?: (row: object, names: LinkNames) => T | undefined;
  /** Returns true for an object that the kernel keeps while there is no other one: writers create the wanted one, and cannot delete it. */
  readonly isDefault?: (object: T) => boolean;

  /** Compares single properties of a filter. */
  readonly filter?: FilterComparisons<T>;
  /** Checks properties of a filter whose values writers check less, or not at all. */
  readonly filterChecks?: Readonly<Record<string, Check>>;
  /** True if a text is a key. */
  readonly textKeys?: boolean;
  /** Compares single properties, by path, whose values may differ in their texts, or in time. */
  readonly equal?: Readonly<Record<string, (wanted: unknown, found: unknown, object: T) => boolean>>;
  /** Returns an object with the wanted properties in it, where some properties exclude others. */
  readonly merge?: (object: Wanted, wanted: Wanted) => Wanted;
  /** Checks what only a new object needs, without making its requests; if omitted, `create` checks it. @throws FieldError */
  readonly checkNew?: (wanted: Wanted) => void;
  /** For a table in which the kernel replaces an object instead of rejecting another one. */
  readonly claim?: Claim;
  /** Returns the requests that create an object; the echo of the first is the object. */
  readonly create: (wanted: Wanted, names: LinkNames) => readonly Step[];
  /** Returns the request of an object for which `create` returns a task that sends only this one, and names no link; undefined for others. */
  readonly creation?: (wanted: Wanted) => RequestStep | undefined;
  /**
   * Returns the requests that change an object.
   *
   * @param changed - The changed properties of the object.
   * @param paths - The changed properties by path: `bridge.ageing`.
   */
  readonly update: (object: T, wanted: Wanted, changed: readonly string[], names: LinkNames, paths: readonly string[]) => Update;
  /** Reads the objects that the kernel deletes together with an object, in words: `class 1:10`. Recreating it fails if there are any. */
  readonly dependents?: (object: T, names: LinkNames) => Observable<readonly string[]>;
  /** Returns the requests that delete an object. */
  readonly remove: (object: T) => readonly Step[];
}
