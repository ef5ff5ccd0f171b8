import type { FamilyClient } from '../../client/index.js';
import type { FamilyTypes } from '../../schema/index.js';
import type { ResyncSource } from '../resync/resync-loop.js';

/**
 * A table of the kernel, for `watchTables`: `client.tableOf(op, request)` creates it.
 *
 * @public
 */
export class LiveTable<T> {
  /** The family and the operation that dumps the table, e.g. `rt-addr: getaddr`. */
  readonly name: string;
  /** The socket of the client that created the table. */
  readonly socket: FamilyClient<FamilyTypes>['socket'];
  /** The type of the rows; never set. */
  declare readonly row?: T;
  /** @internal */
  readonly source: ResyncSource<object>;

  readonly #keyOf: (row: unknown) => string;

  /** @internal Use `tableOf` of a client. */
  constructor(name: string, socket: FamilyClient<FamilyTypes>['socket'], source: ResyncSource<object>, keyOf: (row: T) => string) {
    this.name = name;
    this.socket = socket;
    this.source = source;
    this.#keyOf = keyOf as (row: unknown) => string;
  }

  /** Returns a string that names a row as long as its object exists; see `keyOf` of a client. */
  keyOf(row: T): string {
    return this.#keyOf(row);
  }
}
