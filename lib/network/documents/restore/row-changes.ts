import type { NetworkClients } from '../../clients.js';
import { sameValue } from '../../../live/internal.js';
import type { Step } from '../../tables/step.js';
import type { RowTable } from './row-table.js';

/** The way from the rows of now to those of before. @internal */
export interface RowChanges {
  readonly removed: readonly object[];
  readonly replaced: readonly (readonly [before: object, now: object])[];
  readonly added: readonly object[];
}

/**
 * Compares the rows of a table with those of before.
 *
 * Rows that were not there before are removed only if they are our own, or another state of a row of before: other processes write too.
 *
 * @param isOwn - Returns true for a row that was written by the plan.
 * @internal
 */
export function rowChanges<R extends object>(
  { slot, content, isChanged = () => true, replace }: RowTable<R>,
  before: readonly R[],
  now: readonly R[],
  isOwn: (row: R) => boolean,
): RowChanges {
  const found = groups(now, slot);
  const known = groups(before, slot);
  const removed: R[] = [];
  const replaced: (readonly [R, R])[] = [];
  const added: R[] = [];
  for (const [key, rows] of known) {
    const present = found.get(key) ?? [];
    const [missing, more] = unequal(rows, present, content);
    if (missing.length === 0 && more.length === 0) continue;
    const [row, other] = [missing[0], more[0]];
    const foreign = more.filter((each) => !isOwn(each) && !missing.some((one) => isChanged(one, each)));
    // Another process has put its own object in the place.
    if (foreign.length > 0 && missing.length <= foreign.length) continue;
    const gone = more.filter((each) => !foreign.includes(each));
    if (replace !== undefined && row !== undefined && other !== undefined && rows.length === 1 && present.length === 1) {
      replaced.push([row, other]);
    } else if (rows.length > 1 && missing.length > 0) {
      // The order of a slot counts.
      removed.push(...gone, ...present.filter((each) => !more.includes(each)));
      added.push(...rows);
    } else {
      removed.push(...gone);
      added.push(...missing);
    }
  }
  for (const [key, rows] of found) if (!known.has(key)) removed.push(...rows.filter(isOwn));
  return { removed, replaced, added };
}

/** Returns the requests of changes; rows that the kernel adds by itself are not among them until `all`. @internal */
export function rowSteps(
  table: RowTable,
  clients: NetworkClients,
  { removed, replaced, added }: RowChanges,
  all: boolean,
): readonly Step[] {
  const later = (row: object): boolean => !all && table.returns?.(row) === true;
  return [
    ...removed.map((row) => table.remove(clients, row)),
    ...replaced.flatMap(
      ([before, now]) => table.replace?.(clients, before, now) ?? [table.remove(clients, now), table.add(clients, before)],
    ),
    ...added.filter((row) => !later(row)).map((row) => table.add(clients, row)),
  ];
}

/** Returns the rows of one list that the other one lacks, and the reverse. */
function unequal<R extends object>(rows: readonly R[], others: readonly R[], content: (row: R) => object): readonly [R[], R[]] {
  const left = [...others];
  const missing = rows.filter((row) => {
    const position = left.findIndex((other) => sameValue(content(row), content(other)));
    if (position >= 0) left.splice(position, 1);
    return position < 0;
  });
  return [missing, left];
}

function groups<R>(rows: readonly R[], slot: (row: R) => string): Map<string, R[]> {
  const found = new Map<string, R[]>();
  for (const row of rows) {
    const key = slot(row);
    const group = found.get(key);
    if (group === undefined) found.set(key, [row]);
    else group.push(row);
  }
  return found;
}
