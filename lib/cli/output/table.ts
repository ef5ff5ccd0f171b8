import { printable } from './printable.js';
import type { Style } from './style.js';
import { cutOff, textWidth } from './text-width.js';

/** A column of a table: its title, the text of a row, and how a cell looks. */
export interface Column<T> {
  readonly title: string;
  readonly text: (row: T) => string | number | undefined;
  readonly align?: 'right';
  /** True if it is a part of the name of the object: a change in a row is looked for by these. */
  readonly isKey?: true;
  readonly colour?: (row: T) => keyof Style | undefined;
}

/** The text of each cell, by row. */
export type Cells = readonly (readonly string[])[];

/** True for a cell that is to be marked: it differs from that a moment ago. */
export type IsMarked = (row: number, column: number) => boolean;

const GAP = '  ';

/** The text of a value that is absent. */
const ABSENT = '-';

/** Returns the texts of the cells. A link may have the name `-`: it gets quotes. */
export function cellsOf<T>(rows: readonly T[], columns: readonly Column<T>[]): Cells {
  return rows.map((row) =>
    columns.map(({ text }) => {
      const value = text(row);
      return value === undefined || value === '' ? ABSENT : value === ABSENT ? `"${ABSENT}"` : printable(String(value));
    }),
  );
}

/**
 * Returns the lines of a table, with a line of titles. Columns are as wide as their longest cell.
 *
 * @param width - The lines are cut off to so many columns of a terminal; undefined if they are not.
 */
export function tableLines<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  {
    style,
    width,
    cells = cellsOf(rows, columns),
    isMarked,
  }: { style: Style; width?: number | undefined; cells?: Cells; isMarked?: IsMarked },
): string[] {
  const titles = columns.map(({ title }) => title);
  const widths = columns.map(({ title }, index) =>
    cells.reduce((widest, line) => Math.max(widest, textWidth(line[index]!)), textWidth(title)),
  );
  const line = (texts: readonly string[], look: (text: string, column: number) => string): string => {
    let room = width ?? Infinity;
    const parts: string[] = [];
    for (const [index, column] of columns.entries()) {
      const padded = pad(texts[index]!, widths[index]!, column.align);
      const isLast = index === columns.length - 1;
      parts.push(look(widths[index]! <= room ? padded : cutOff(isLast ? padded.trimEnd() : padded, room), index));
      room -= widths[index]! + GAP.length;
      if (room <= 0) break;
    }
    return parts.join(GAP).trimEnd();
  };
  return [
    line(titles, (text) => style.bold(text)),
    ...rows.map((row, index) =>
      line(cells[index]!, (text, column) => {
        const colour = cells[index]![column] === ABSENT ? undefined : columns[column]!.colour?.(row);
        const coloured = colour === undefined ? text : style[colour](text);
        return isMarked?.(index, column) === true ? style.marked(coloured) : coloured;
      }),
    ),
  ];
}

function pad(text: string, width: number, align: 'right' | undefined): string {
  const blanks = ' '.repeat(width - textWidth(text));
  return align === 'right' ? blanks + text : text + blanks;
}
