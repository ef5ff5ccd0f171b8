import { concat, defer, distinct, from, ignoreElements, mergeMap, retry, throwError, timer, type Observable } from 'rxjs';
import { FleetError } from '../fleet-error.js';
import { MAX_SHARDS } from '../log/limits.js';
import type { FleetConnection } from './fleet-connection.js';
import { permissionError, serverError } from './server-error.js';
import { storedShards } from './stored-shards.js';

/** Requests to the server at the same time: a fleet may have a stream for each host. */
const AT_ONCE = 16;

/** Milliseconds before the server is asked again that did not answer. */
const PAUSE = 2000;

/** A table of which rows are looked for. */
interface WantedRows {
  readonly host: string;
  readonly family: string;
  readonly op: string;
}

/**
 * Returns the cells of a fleet: those below a number, and those whose streams the server lists. An account without the permission for
 * `$JS.API.STREAM.NAMES` gets the former only.
 *
 * @internal
 */
export async function storedCells(fleet: FleetConnection, cells: number): Promise<readonly number[]> {
  const found = new Set(Array.from({ length: cells }, (_, cell) => cell));
  const { streams } = await fleet.manager;
  try {
    for await (const name of streams.names('rxf.state.>')) {
      const cell = Number(/^RXF_STATE_(\d{1,4})$/.exec(name)?.[1] ?? Number.NaN);
      if (cell < MAX_SHARDS) found.add(cell);
    }
  } catch (error) {
    if (permissionError('', error) === undefined) throw serverError('fleet: streams', error);
  }
  return [...found].sort((one, other) => one - other);
}

/** Runs a request for each cell, some of them at the same time. @internal */
export async function forEachCell<T>(cells: readonly number[], request: (cell: number) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  const left = [...cells.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) results[next[0]] = await request(next[1]);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, cells.length) }, work));
  return results;
}

/**
 * Emits the cells of a fleet when the connection is established, and completes.
 *
 * @param wanted - Emits only the cells that have rows of this table; `*` selects all hosts.
 * @returns As errors: FleetError with the reason `permission` for a stream that the account may not look into, and `closed`. Others are retried.
 * @internal
 */
export function findCells(fleet: FleetConnection, cells: number, wanted?: WantedRows): Observable<number> {
  const listed = defer(() => storedCells(fleet, cells)).pipe(mergeMap((found) => from(found)));
  const withRows = (selection: WantedRows): Observable<number> =>
    listed.pipe(
      mergeMap(async (cell) => ((await storedShards(fleet, cell, selection)).length > 0 ? [cell] : []), AT_ONCE),
      mergeMap((found) => from(found)),
    );
  return concat(fleet.established.pipe(ignoreElements()), wanted === undefined ? listed : withRows(wanted)).pipe(
    retry({ delay: (error: unknown) => (isLasting(error) ? throwError(() => error) : timer(PAUSE)) }),
    distinct(),
  );
}

function isLasting(error: unknown): boolean {
  return error instanceof FleetError && (error.reason === 'permission' || error.reason === 'closed');
}
