import { ignoreElements, tap } from 'rxjs';
import type { Action, Call } from '../command.js';
import { toJson } from '../output/json.js';
import { Screen } from '../output/screen.js';
import { cellsOf, tableLines, type Cells, type Column } from '../output/table.js';
import { readFilter } from './filter-words.js';
import type { Listing, ListingOptions } from './listing.js';
import { readNamespaces, type Listed } from './namespaces-of-call.js';

/** Returns the action of a command that lists objects. */
export function runListing<T>(listing: Listing<T>): Action {
  return (call) => {
    const filter = readFilter(call.words, listing.word);
    const options = call.options as ListingOptions;
    const verb = options.watch === true ? listing.watch : listing.list;
    return readNamespaces((net, socket) => verb(net, filter, socket), options, call.output).pipe(
      tap(printer(listing, options, call)),
      ignoreElements(),
    );
  };
}

/** Returns the function that prints a list of objects, or shows it in place of the one before. */
function printer<T>(
  { columns, json = (object) => object as object }: Listing<T>,
  options: ListingOptions,
  { output }: Call,
): (rows: readonly Listed<T>[]) => void {
  if (options.json === true) {
    return (rows) => {
      output.lines([toJson(rows.map(({ row, namespace }) => (namespace === undefined ? json(row) : { namespace, ...plain(json(row)) })))]);
    };
  }
  const listed: readonly Column<Listed<T>>[] = [
    ...(options.allNamespaces === true ? [{ title: 'NAMESPACE', text: ({ namespace }: Listed<T>) => namespace }] : []),
    ...columns.map(({ text, colour, ...column }) => ({
      ...column,
      text: ({ row }: Listed<T>) => text(row),
      ...(colour !== undefined && { colour: ({ row }: Listed<T>) => colour(row) }),
    })),
  ];
  if (options.watch !== true) {
    return (rows) => {
      output.lines(tableLines(rows, listed, { style: output.style }));
    };
  }
  const screen = new Screen(output);
  let before: ReadonlySet<string> | undefined;
  return (rows) => {
    const cells = cellsOf(rows, listed);
    const known = before;
    const isMarked = (row: number, column: number): boolean => known !== undefined && !known.has(cellKey(cells, row, column));
    screen.show(tableLines(rows, listed, { style: output.style, width: output.columns, cells, isMarked }));
    before = new Set(cells.flatMap((line, row) => line.map((_, column) => cellKey(cells, row, column))));
  };
}

/** The name of a cell in the next picture: its column, its value, and the first cell of its row, which names the object. */
function cellKey(cells: Cells, row: number, column: number): string {
  return JSON.stringify([column, cells[row]![0], cells[row]![column]]);
}

/** Returns what JSON shows of an object. */
function plain(row: unknown): object {
  return JSON.parse(toJson(row)) as object;
}
