import { FieldError } from '../../common/field-error.js';
import { clock } from '../../traffic/ticks.js';

/** The bytes of a packet, and the bytes per second, for which `tc` computes the average of a queue without further options. */
const PACKET = 1000;
const BANDWIDTH = 10e6 / 8;

/** The entries of the table of the kernel, and the largest shift in it. */
const ENTRIES = 256;
const SHIFT = 31;

/**
 * Returns the logarithm of the weight of the average: the smallest with which a burst of packets does not reach `min`.
 *
 * @throws FieldError if `min` is less than such a burst needs.
 * @internal
 */
export function averageLog(min: number, max: number): number {
  const burst = Math.floor((2 * min + max) / (3 * PACKET));
  const wanted = burst + 1 - min / PACKET;
  for (let log = 1; wanted >= 1 && log < 32; log++) {
    const weight = 2 ** -log;
    if (wanted <= (1 - (1 - weight) ** burst) / weight) return log;
  }
  throw new FieldError('ewma', `is required: min of ${min} and max of ${max} bytes are too few packets for a usual one`);
}

/** Returns the logarithm of the probability over the distance of `min` and `max` (`Plog`), which old kernels use. @internal */
export function probabilityLog(min: number, max: number, probability: number): number {
  let part = probability / (max - min);
  let log = 0;
  for (; log < 32 && part <= 1; log++) part *= 2;
  return Math.min(log, 31);
}

/** Returns the decay of the average while the queue is idle: the logarithm of a step in microseconds, and the shift of each step. @internal */
export function idleDecay(weightLog: number, cellLog?: number): { readonly cellLog: number; readonly table: Uint8Array } {
  const time = Math.trunc((PACKET / BANDWIDTH) * clock().ticks);
  const shiftOfTick = -Math.log(1 - 2 ** -weightLog) / time;
  let log = cellLog ?? 0;
  while (cellLog === undefined && SHIFT / shiftOfTick / 2 ** log >= 512) log++;
  const table = Uint8Array.from({ length: ENTRIES }, (_, step) =>
    step === ENTRIES - 1 ? SHIFT : Math.min(Math.trunc(step * 2 ** log * shiftOfTick), SHIFT),
  );
  return { cellLog: log, table };
}
