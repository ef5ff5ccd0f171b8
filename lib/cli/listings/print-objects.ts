import type { Call } from '../command.js';
import { Screen } from '../output/screen.js';
import { cellsOf, tableLines, type Cells, type Column } from '../output/table.js';
import type { Listed, Listing, ListingOptions } from './listing.js';
import { jsonText } from '../output/json-text.js';

/** Returns the function that prints a list of objects, or shows it in place of the one before. */
export function printer<T>(
  { columns, json = (object) => object as object }: Pick<Listing<T, never>, 'columns' | 'json'>,
  options: ListingOptions,
  { output }: Call,
): (rows: readonly Listed<T>[]) => void {
  if (options.json === true) {
    return (rows) => {
      output.lines([jsonText(rows.map(({ row, namespace }) => (namespace === undefined ? json(row) : { namespace, ...json(row) })))]);
    };
  }
  const listed: readonly Column<Listed<T>>[] = [
    ...(options.allNamespaces === true
      ? [{ title: 'NAMESPACE', text: ({ namespace }: Listed<T>) => namespace, isKey: true as const }]
      : []),
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
  const keys = listed.flatMap(({ isKey }, column) => (isKey === true ? [column] : []));
  let before: ReadonlySet<string> | undefined;
  return (rows) => {
    const cells = cellsOf(rows, listed);
    const known = before;
    const isMarked = (row: number, column: number): boolean => known !== undefined && !known.has(cellKey(cells, keys, row, column));
    screen.show(tableLines(rows, listed, { style: output.style, width: output.columns, cells, isMarked }));
    before = new Set(cells.flatMap((line, row) => line.map((_, column) => cellKey(cells, keys, row, column))));
  };
}

/** The name of a cell in the next picture: its column, the cells that name its object, and its value. */
function cellKey(cells: Cells, keys: readonly number[], row: number, column: number): string {
  return JSON.stringify([column, keys.map((key) => cells[row]![key]), cells[row]![column]]);
}
