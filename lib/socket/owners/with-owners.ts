import { concatMap, from, map, type OperatorFunction } from 'rxjs';
import { readOwners, type SocketOwner } from './read-owners.js';

/** A row of `sock_diag`: its socket has an inode, under `inode` or `ino`. @public */
export interface SocketRow {
  /** The inode in a row of `inet` or `mptcp`. */
  readonly inode?: number;
  /** The inode in a row of the other kinds of sockets. */
  readonly ino?: number;
}

/**
 * Adds the processes that have each socket open.
 *
 * It reads `/proc` once for each array, after the array has arrived: a socket that was closed or passed on meanwhile has no owner, or another one. Without
 * CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH only the processes of the same user are visible.
 *
 * ```text
 * source:  --a-----|     a = [{ inode: 7 }]
 *          withOwners()
 * result:  ---b----|     b = [{ inode: 7, owners: [{ processId: 1, command: 'init', descriptor: 3 }] }]
 * ```
 *
 * @returns An operator for the arrays that `list()` of `sockDiag()` emits.
 * @throws TypeError as the error signal, for values that are not arrays of rows with an inode.
 * @throws The error of the file system as the error signal, if `/proc` cannot be read.
 * @public
 */
export function withOwners<Row extends SocketRow>(): OperatorFunction<
  readonly Row[],
  (Row & { readonly owners: readonly SocketOwner[] })[]
> {
  return concatMap((rows) => {
    const isArray: boolean = Array.isArray(rows);
    if (!isArray) throw new TypeError('withOwners: expected the arrays of list(); dump() emits single rows');
    if (rows.some((row) => row.inode === undefined && row.ino === undefined))
      throw new TypeError('withOwners: a row has no inode; pick inode (ino) too');
    const inodeOf = ({ inode, ino }: SocketRow): number => inode ?? ino ?? 0;
    return from(readOwners(new Set(rows.map(inodeOf)))).pipe(
      map((owners) => rows.map((row) => ({ ...row, owners: owners.get(inodeOf(row)) ?? [] }))),
    );
  });
}
