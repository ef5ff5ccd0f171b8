import type { TopologyEdge } from '../../protocol.js';
import type { Placed } from './flow.js';

/** A connection of two shapes as the path of an SVG. */
export interface Line {
  readonly from: string;
  readonly to: string;
  readonly kind: TopologyEdge['kind'];
  readonly path: string;
}

/** Shapes whose horizontal distance is smaller are connected at their upper and lower sides. */
const NEAR = 16;

/** Draws the connections of shapes. A connection of a shape that is not drawn is omitted. */
export function connect(edges: readonly TopologyEdge[], shapes: readonly Placed[]): Line[] {
  const byId = new Map(shapes.flatMap((shape) => (shape.item.id === undefined ? [] : [[shape.item.id, shape] as const])));
  return edges.flatMap(({ from, to, kind }) => {
    const [a, b] = [byId.get(from), byId.get(to)];
    return a === undefined || b === undefined || a === b ? [] : [{ from, to, kind, path: pathBetween(a, b, shapes) }];
  });
}

function pathBetween(a: Placed, b: Placed, shapes: readonly Placed[]): string {
  const [left, right] = a.x <= b.x ? [a, b] : [b, a];
  const middle = ({ y, height, isBox }: Placed): number => (isBox ? y + 12 : y + height / 2);
  const distance = right.x - (left.x + left.width);
  const isLevel = middle(left) === middle(right);
  const isBetween = (shape: Placed): boolean =>
    !shape.isBox && shape !== left && shape !== right && shape.y === left.y && shape.x > left.x && shape.x < right.x;
  if (distance >= 0 && isLevel && !shapes.some(isBetween)) return `M${round(left.x + left.width)} ${round(middle(left))}H${round(right.x)}`;
  if (distance >= NEAR && !isLevel) {
    return curve([left.x + left.width, middle(left)], [right.x, middle(right)], [distance / 2, 0], [-distance / 2, 0]);
  }
  const [upper, lower] = a.y <= b.y ? [a, b] : [b, a];
  const from: Point = [upper.x + upper.width / 2, upper.y + upper.height];
  const isBelow = lower.y > upper.y + upper.height;
  // In one row, the line is an arc below both: it would disappear behind the links between them.
  const to: Point = [lower.x + lower.width / 2, isBelow ? lower.y : lower.y + lower.height];
  const bend = isBelow ? (to[1] - from[1]) / 2 : 12;
  return curve(from, to, [0, bend], [0, isBelow ? -bend : bend]);
}

type Point = readonly [x: number, y: number];

function curve([x1, y1]: Point, [x2, y2]: Point, bend1: Point, bend2: Point): string {
  const points = [x1 + bend1[0], y1 + bend1[1], x2 + bend2[0], y2 + bend2[1], x2, y2].map(round);
  return `M${round(x1)} ${round(y1)}C${points.join(' ')}`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
