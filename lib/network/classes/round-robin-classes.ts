import { number } from '../fields/option.js';
import type { TrafficKind } from '../traffic/kind.js';

/** The options of a class of kind `drr` (`TCA_DRR_*`). @public */
export interface DrrClassOptions {
  /**
   * The bytes that the class sends before the next one.
   * @defaultValue for a new class the longest packet of the link, with its header
   */
  readonly quantum?: number;
}

/** The options of a class of kind `qfq` (`TCA_QFQ_*`). @public */
export interface QfqClassOptions {
  /**
   * The share of the class, relative to the weights of the others.
   * @defaultValue for a new class 1
   */
  readonly weight?: number;
  /**
   * The bytes of its longest packet (`lmax`, `maxpkt` of `tc`).
   * @defaultValue for a new class the longest packet of the link, with its header
   */
  readonly maxPacket?: number;
}

/** The classes of kind `drr`. @internal */
export const drrClass: TrafficKind<DrrClassOptions> = { options: { quantum: number('quantum', 0x7fff_ffff, {}, 1) }, always: true };

/** QFQ_MAX_WEIGHT, QFQ_MIN_LMAX and the largest lmax (net/sched/sch_qfq.c). */
const WEIGHT = 1 << 10;
const LEAST = 512;
const MOST = 1 << 16;

/** The classes of kind `qfq`. @internal */
export const qfqClass: TrafficKind<QfqClassOptions> = {
  options: { weight: number('weight', WEIGHT, {}, 1), maxPacket: number('lmax', MOST, {}, LEAST) },
  always: true,
};
