import { digits } from '../support/figures.js';
import type { Growth } from '../support/result.js';

const WIDTH = 640;
const HEIGHT = 360;
const LEFT = 72;
const RIGHT = 190;
const TOP = 40;
const BOTTOM = 48;

/** Colors that are readable on light and on dark pages. */
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #333 }
  .title { font-size: 14px; font-weight: 600 }
  .grid { stroke: #ddd }
  .linear { stroke: #999; stroke-dasharray: 4 4 }
  .curve { fill: none; stroke-width: 2 }
  .c0 { stroke: #777 } .c1 { stroke: #0969da } .c2 { stroke: #1a7f37 } .c3 { stroke: #bc4c00 }
  text.c0 { fill: #777; stroke: none } text.c1 { fill: #0969da; stroke: none }
  text.c2 { fill: #1a7f37; stroke: none } text.c3 { fill: #bc4c00; stroke: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #ccc }
    .grid { stroke: #333 }
    .linear { stroke: #777 }
    .c0 { stroke: #999 } .c1 { stroke: #58a6ff } .c2 { stroke: #3fb950 } .c3 { stroke: #f0883e }
    text.c0 { fill: #999 } text.c1 { fill: #58a6ff } text.c2 { fill: #3fb950 } text.c3 { fill: #f0883e }
  }`;

/** An axis between two powers of ten: maps a value to its position in the picture. */
interface Axis {
  readonly ticks: readonly number[];
  at(value: number): number;
}

function logarithmic(values: readonly number[], from: number, to: number): Axis {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values)) - 1e-9));
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)),
    at: (value) => from + ((to - from) * (Math.log10(value) - low)) / (high - low),
  };
}

/** Draws curves with logarithmic axes, and a dashed line that grows linearly. */
export function plot({ title, size, unit, sizes, curves }: Growth): string {
  const x = logarithmic(sizes, LEFT, WIDTH - RIGHT);
  const y = logarithmic(
    curves.flatMap(({ values }) => values),
    HEIGHT - BOTTOM,
    TOP,
  );
  const [bottom, right] = [HEIGHT - BOTTOM, WIDTH - RIGHT];
  const columns = x.ticks.map((tick) => [
    `<path class="grid" d="M${round(x.at(tick))} ${TOP}V${bottom}"/>`,
    `<text x="${round(x.at(tick))}" y="${bottom + 18}" text-anchor="middle">${label(tick)}</text>`,
  ]);
  const lines = y.ticks.map((tick) => [
    `<path class="grid" d="M${LEFT} ${round(y.at(tick))}H${right}"/>`,
    `<text x="${LEFT - 8}" y="${round(y.at(tick) + 4)}" text-anchor="end">${label(tick)} ${unit}</text>`,
  ]);
  const heights = spreadApart(curves.map(({ values }) => y.at(values.at(-1)!) + 4));
  // The floor is grey.
  const first = curves[0]!.name === 'C' ? 0 : 1;
  const drawn = curves.flatMap(({ name, values }, index) => [
    `<path class="curve c${index + first}" d="${path(sizes, values, x, y)}"/>`,
    `<text class="c${index + first}" x="${right + 8}" y="${round(heights[index]!)}">${escape(name)}</text>`,
  ]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(title)}">`,
    `<style>${STYLE}\n</style>`,
    `<text class="title" x="${LEFT}" y="22">${escape(title)}</text>`,
    ...columns.flat(),
    ...lines.flat(),
    linear(sizes, curves[0]!.values.at(-1)!, x, y, bottom),
    ...drawn,
    `<text x="${(LEFT + right) / 2}" y="${HEIGHT - 10}" text-anchor="middle">${escape(size)}; dashed: linear</text>`,
    '</svg>\n',
  ].join('\n');
}

/** Returns a line that ends at the end of the first curve; the part below the picture is cut off. */
function linear(sizes: readonly number[], last: number, x: Axis, y: Axis, bottom: number): string {
  const end = sizes.at(-1)!;
  const least = y.ticks[0]!;
  const begin = Math.max(sizes[0]!, (end * least) / last);
  const from = begin === sizes[0] ? y.at((last * begin) / end) : bottom;
  return `<path class="linear" d="M${round(x.at(begin))} ${round(from)}L${round(x.at(end))} ${round(y.at(last))}"/>`;
}

function path(sizes: readonly number[], values: readonly number[], x: Axis, y: Axis): string {
  return `M${sizes.map((size, index) => `${round(x.at(size))} ${round(y.at(values[index]!))}`).join('L')}`;
}

/** Moves names down if they would overlap. */
function spreadApart(heights: readonly number[]): number[] {
  const order = heights.map((_, index) => index).sort((one, other) => heights[one]! - heights[other]!);
  const moved = [...heights];
  for (const [place, index] of order.entries()) {
    const above = order[place - 1];
    if (above !== undefined) moved[index] = Math.max(moved[index]!, moved[above]! + 14);
  }
  return moved;
}

function label(value: number): string {
  if (value >= 1e6) return `${value / 1e6}M`;
  if (value >= 1e3) return `${value / 1e3}k`;
  return value >= 1 ? `${value}` : digits(value);
}

function round(value: number): string {
  return value.toFixed(1);
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
