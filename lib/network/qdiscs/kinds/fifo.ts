import type { Read, Written } from '../../common/written.js';
import { number } from '../../fields/option.js';
import type { TrafficKind } from '../../traffic/kind.js';
import { sizeOf } from '../../traffic/traffic-options.js';

/** The options of a qdisc of kind `pfifo` or `pfifo_head_drop`: one queue (struct tc_fifo_qopt). @public */
export interface PfifoOptions {
  /**
   * The packets that may wait.
   * @defaultValue for a new qdisc the length of the transmit queue of the link
   */
  readonly limit?: number;
}

/** The options of a qdisc of kind `bfifo`: one queue (struct tc_fifo_qopt). @public */
export interface BfifoOptions<U extends Written = Read> {
  /**
   * The bytes that may wait.
   * @defaultValue for a new qdisc the length of the transmit queue of the link, in packets of its MTU
   */
  readonly limit?: U['size'];
}

/** The kinds `pfifo` and `pfifo_head_drop`. @internal */
export const pfifo: TrafficKind<PfifoOptions> = { options: { limit: number('limit') } };

/** The kind `bfifo`. @internal */
export const bfifo: TrafficKind<BfifoOptions> = { options: { limit: sizeOf('limit') } };
