/** Something with a name that is drawn: a link, a namespace, a note. With children it is a box around them. */
export interface Item {
  readonly id?: string;
  readonly title: string;
  /** Text behind the title. */
  readonly detail: string;
  readonly kind: string;
  readonly state: string;
  /** The box fills the width that it is given. */
  readonly isWide?: boolean;
  readonly children: readonly Item[];
}

/** An item at its place. */
export interface Placed {
  readonly item: Item;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The text, cut to the width. */
  readonly text: string;
  readonly isBox: boolean;
}

/** The sizes in pixels. The font has a fixed width, so the width of a text is known without measuring. */
export const SIZE = { letter: 6.63, height: 22, title: 24, padding: 8, gap: 6, left: 17, right: 7, shortest: 40 };

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

interface Measured {
  readonly item: Item;
  readonly width: number;
  readonly height: number;
  readonly rows: readonly (readonly Measured[])[];
}

/** Places items in rows from left to right, as words of a text. */
export function placeItems(items: readonly Item[], area: Area): { readonly shapes: readonly Placed[]; readonly height: number } {
  const rows = wrap(
    items.map((item) => measure(item, area.width)),
    area.width,
  );
  const shapes: Placed[] = [];
  const bottom = placeRows(rows, area, shapes);
  return { shapes, height: bottom - area.y };
}

function isBox({ children, isWide }: Item): boolean {
  return children.length > 0 || isWide === true;
}

function textOf({ title, detail }: Item): string {
  return detail === '' ? title : `${title} ${detail}`;
}

function measure(item: Item, most: number): Measured {
  const text = Math.ceil(textOf(item).length * SIZE.letter);
  if (!isBox(item)) {
    const width = Math.max(SIZE.shortest, text + SIZE.left + SIZE.right);
    return { item, width: Math.min(width, most), height: SIZE.height, rows: [] };
  }
  const inner = most - 2 * SIZE.padding;
  const rows = wrap(
    item.children.map((child) => measure(child, inner)),
    inner,
  );
  const widest = Math.max(text + SIZE.left, ...rows.map(widthOf));
  const width = item.isWide === true ? most : Math.min(most, widest + 2 * SIZE.padding);
  const height =
    SIZE.title + rows.reduce((sum, row) => sum + heightOf(row) + SIZE.gap, 0) + (rows.length > 0 ? SIZE.padding - SIZE.gap : 0);
  return { item, width, height, rows };
}

/** Breaks a list of items into rows. Boxes do not share a row with single links. */
function wrap(items: readonly Measured[], width: number): Measured[][] {
  const rows: Measured[][] = [];
  for (const item of items) {
    const row = rows.at(-1);
    if (row !== undefined && isBox(row[0]!.item) === isBox(item.item) && widthOf(row) + SIZE.gap + item.width <= width) row.push(item);
    else rows.push([item]);
  }
  return rows;
}

function placeRows(rows: readonly (readonly Measured[])[], { x, y }: { readonly x: number; readonly y: number }, shapes: Placed[]): number {
  let top = y;
  for (const row of rows) {
    let left = x;
    for (const { item, width, height, rows: inner } of row) {
      const letters = Math.floor((width - SIZE.left - (isBox(item) ? 0 : SIZE.right)) / SIZE.letter);
      shapes.push({ item, x: left, y: top, width, height, text: cut(textOf(item), letters), isBox: isBox(item) });
      placeRows(inner, { x: left + SIZE.padding, y: top + SIZE.title }, shapes);
      left += width + SIZE.gap;
    }
    top += heightOf(row) + SIZE.gap;
  }
  return rows.length > 0 ? top - SIZE.gap : top;
}

function widthOf(row: readonly Measured[]): number {
  return row.reduce((sum, { width }) => sum + width, (row.length - 1) * SIZE.gap);
}

function heightOf(row: readonly Measured[]): number {
  return Math.max(...row.map(({ height }) => height));
}

function cut(text: string, letters: number): string {
  return text.length <= letters ? text : `${text.slice(0, Math.max(1, letters - 1))}…`;
}
