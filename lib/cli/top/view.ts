import type { Style } from '../output/style.js';
import { tableLines, type Column } from '../output/table.js';
import { bytes, scaled } from '../output/units.js';
import type { Counters } from './counters.js';
import { sorted, type LinkRates, type Order } from './rates.js';
import { countText } from '../output/count-text.js';

/** One picture: the rates of a second and the counts of the namespace. */
export interface Picture {
  readonly links: readonly LinkRates[];
  readonly counters: Counters;
}

/** The state of the screen that keys change. */
export interface ViewState {
  readonly order: Order;
  /** Links that are scrolled away at the top. */
  readonly offset: number;
}

const red = (value: (rates: LinkRates) => number) => (rates: LinkRates) => (value(rates) > 0 ? ('red' as const) : undefined);

const rate = (title: string, value: (rates: LinkRates) => number, isFault = false): Column<LinkRates> => ({
  title,
  text: (rates) => scaled(value(rates)),
  align: 'right',
  ...(isFault && { colour: red(value) }),
});

const COLUMNS: readonly Column<LinkRates>[] = [
  { title: 'LINK', text: ({ name }) => name },
  rate('RX BIT/S', ({ rxBits }) => rxBits),
  rate('RX PACKETS/S', ({ rxPackets }) => rxPackets),
  rate('TX BIT/S', ({ txBits }) => txBits),
  rate('TX PACKETS/S', ({ txPackets }) => txPackets),
  rate('ERRORS/S', ({ errors }) => errors, true),
  rate('DROPS/S', ({ drops }) => drops, true),
  rate('QDISC DROPS/S', ({ queueDrops }) => queueDrops, true),
  { title: 'WAITING', text: ({ backlog }) => bytes(backlog), align: 'right' },
];

/** The lines above the links: the counts, and the titles of the columns. */
export const HEAD_LINES = 2;

/** Returns the lines of a picture. `rows` and `width` are those of the terminal; a table without a terminal has all links. */
export function pictureLines(
  { links, counters }: Picture,
  { order, offset }: ViewState,
  style: Style,
  rows?: number,
  width?: number,
): string[] {
  const { sockets, connections } = counters;
  const counts = [
    countText(links.length, 'link'),
    ...(sockets === undefined ? [] : [countText(sockets, 'socket')]),
    ...(connections === undefined ? [] : [`${String(connections.count)} of ${String(connections.maximum)} connections`]),
    `by ${order}`,
    ...(rows === undefined ? [] : ['s sorts, q quits']),
  ].join(', ');
  const table = tableLines(sorted(links, order), COLUMNS, { style, width });
  const shown = rows === undefined ? table.slice(1) : table.slice(1 + offset, 1 + offset + Math.max(0, rows - HEAD_LINES));
  return [width === undefined ? counts : counts.slice(0, width), table[0]!, ...shown];
}
