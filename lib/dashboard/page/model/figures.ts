import { rateText } from './format.js';
import type { Series } from './history.js';

/** A sentence about one line of the plot. */
export interface Figure {
  readonly kind: 'received' | 'sent';
  readonly text: string;
}

/**
 * Describes the plot of a link: the last second and the highest one, or the second below the pointer.
 *
 * @param pointed - The index of the second below the pointer.
 */
export function figuresOf({ received, sent }: Series, pointed?: number): Figure[] {
  const figure = (kind: Figure['kind'], title: string, points: readonly (number | null)[]): Figure => {
    const point = points.at(pointed ?? -1) ?? null;
    const rate = point === null ? 'unknown' : rateText(point);
    const most = rateText(Math.max(0, ...points.map((value) => value ?? 0)));
    return {
      kind,
      text: pointed === undefined ? `${title} ${rate}, at most ${most}` : `${title} ${rate}, ${points.length - 1 - pointed} s ago`,
    };
  };
  return [figure('received', 'Received', received), figure('sent', 'Sent', sent)];
}
