import type { Cell, Cells, ColumnHead } from '../../dashboard/index.js';
import { printable } from '../output/printable.js';
import type { Column } from '../output/table.js';

/** The titles that are abbreviations. */
const ABBREVIATIONS: ReadonlySet<string> = new Set(['MAC', 'MTU']);
/** The columns with numbers, by their titles. */
const NUMERIC: ReadonlySet<string> = new Set(['MTU', 'METRIC', 'RECEIVE QUEUE', 'SEND QUEUE', 'MARK', 'PACKETS', 'BYTES']);
/** Columns of times that pass: the kernel sends no event while they do. */
const PASSING: ReadonlySet<string> = new Set(['VALID', 'PREFERRED', 'ENDS IN']);
/** The names of columns whose numbers the page shows in bytes. */
const NAMES: Readonly<Record<string, string>> = { BYTES: 'counterBytes' };

/** Returns the columns of a listing for a page, and a function that returns the cells of an object. */
export function pageColumns<T>(all: readonly Column<T>[]): {
  readonly heads: readonly ColumnHead[];
  readonly cellsOf: (object: T) => Cells;
} {
  const columns = all.filter((column) => !PASSING.has(column.title));
  return { heads: columns.map(headOf), cellsOf: (object) => columns.map(({ text }) => cellOf(text(object))) };
}

function headOf({ title }: Column<never>): ColumnHead {
  const text = ABBREVIATIONS.has(title) ? title : `${title[0]!}${title.slice(1).toLowerCase()}`;
  const name = NAMES[title] ?? title.toLowerCase().replaceAll(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
  return { name, title: text, ...(NUMERIC.has(title) && { numeric: true }) };
}

/** Names from the kernel may have characters that reverse the text around them. */
function cellOf(value: string | number | undefined): Cell {
  if (value === undefined || value === '') return null;
  return typeof value === 'number' ? value : printable(value);
}
