import { MessageFlags } from '../../../wire/index.js';
import type { Change } from '../notifier.js';
import { Rejection } from '../rejection.js';

/** The reason for a change: the object of the request, what follows from it, or what the kernel does not notify of. @internal */
export type Cause = 'request' | 'consequence' | 'silent';

/** The functions that distinguish one table of objects from another. @internal */
export interface ObjectTableOptions<Row> {
  /** Returns a text that stays the same while the object lives. */
  readonly keyOf: (row: Row) => string;
  /** Sends a notification. @param isCaused - True for the object of the request. */
  readonly notify: (change: Change, row: Row, isCaused: boolean) => void;
}

/**
 * A table of objects that the fake network keeps as they were written: rows by their keys, in the order of their creation.
 *
 * The rules of a table are in the class that has it; those that all tables share are here.
 *
 * @internal
 */
export class ObjectTable<Row extends object> {
  readonly #options: ObjectTableOptions<Row>;
  readonly #rows = new Map<string, Row>();

  constructor(options: ObjectTableOptions<Row>) {
    this.#options = options;
  }

  all(): readonly Row[] {
    return [...this.#rows.values()];
  }

  /** Returns the object that has the key of a row. */
  find(row: Row): Row | undefined {
    return this.#rows.get(this.#options.keyOf(row));
  }

  /** Adds or changes an object by the flags of a request. @throws Rejection if they do not fit. */
  write(row: Row, flags: number, missing?: string): void {
    const found = this.find(row);
    if (found !== undefined && (flags & MessageFlags.Exclusive) !== 0) throw new Rejection('EEXIST');
    if (found === undefined && (flags & MessageFlags.Create) === 0) throw new Rejection('ENOENT', missing);
    this.put(row, 'request');
  }

  /** Adds an object, or exchanges the one with its key. */
  put(row: Row, cause: Cause): void {
    this.#rows.set(this.#options.keyOf(row), row);
    this.#notify('new', row, cause);
  }

  /** Deletes the object that has the key of a row, and returns it. @throws Rejection if there is none. */
  delete(row: Row): Row {
    const found = this.find(row);
    if (found === undefined) throw new Rejection('ENOENT');
    this.remove(found, 'request');
    return found;
  }

  remove(row: Row, cause: Cause): void {
    if (this.#rows.delete(this.#options.keyOf(row))) this.#notify('del', row, cause);
  }

  /** Deletes the objects for which a function returns true. */
  removeAll(isMeant: (row: Row) => boolean, cause: Cause): void {
    for (const row of this.all()) if (isMeant(row)) this.remove(row, cause);
  }

  #notify(change: Change, row: Row, cause: Cause): void {
    if (cause !== 'silent') this.#options.notify(change, row, cause === 'request');
  }
}
