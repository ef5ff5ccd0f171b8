import { FieldError } from '../../common/field-error.js';
import { integer, list, type Check } from '../../fields/check.js';
import { number, plain } from '../../fields/option.js';
import type { TrafficKind } from '../../traffic/kind.js';

/** The options of a qdisc of kind `prio`: bands, the first of which goes first (struct tc_prio_qopt). @public */
export interface PrioOptions {
  /**
   * The number of bands, from 2 to 16.
   * @defaultValue 3
   */
  readonly bands?: number;
  /** The band of each priority from 0 to 15. */
  readonly priorityMap?: readonly number[];
}

/** The options of a qdisc of kind `pfifo_fast`, which are read only. @public */
export type PfifoFastOptions = PrioOptions;

/** TC_PRIO_MAX + 1. */
const PRIORITIES = 16;

/** The map of `tc`. */
const USUAL: readonly number[] = [1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1];

/** Accepts the band of each priority. @internal */
export function priorityMap(bands: number): Check<readonly number[]> {
  const numbers = list(integer(0, bands - 1));
  return (value, path) => {
    const map = numbers(value, path);
    if (map.length === PRIORITIES) return map;
    throw new FieldError(path, `expected ${PRIORITIES} bands, one for each priority, not ${map.length}`);
  };
}

/** The kind `prio`. @internal */
export const prio: TrafficKind<PrioOptions> = {
  options: { bands: number('bands', 16, {}, 2), priorityMap: plain('priomap', priorityMap(16)) },
  whole: true,
  check: ({ bands, priorityMap: map }) => {
    if (typeof bands !== 'number' || !Array.isArray(map)) return;
    const wrong = (map as readonly number[]).findIndex((band) => band >= bands);
    if (wrong !== -1) throw new FieldError(`priorityMap[${wrong}]`, `expected a band from 0 to ${bands - 1}`);
  },
  toData: ({ bands = 3, priomap = USUAL }) => ({ bands, priomap }),
};

/** The kind `pfifo_fast`. @internal */
export const pfifoFast: TrafficKind<PfifoFastOptions> = {
  options: { bands: number('bands', 16, { out: true }), priorityMap: plain('priomap', (value) => value, { out: true }) },
};
