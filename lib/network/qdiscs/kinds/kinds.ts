import type { Read, Written } from '../../common/written.js';
import type { KnownKinds, TrafficKind } from '../../traffic/kind.js';
import { cake, type CakeOptions } from './cake.js';
import { codel, fqCodel, type CodelOptions, type FqCodelOptions } from './codel.js';
import { bfifo, pfifo, type BfifoOptions, type PfifoOptions } from './fifo.js';
import { fq, type FqOptions } from './fq.js';
import { hfsc, type HfscOptions } from './hfsc.js';
import { htb, type HtbOptions } from './htb.js';
import { netem, type NetemOptions } from './netem.js';
import { fqPie, pie, type FqPieOptions, type PieOptions } from './pie.js';
import { pfifoFast, prio, type PfifoFastOptions, type PrioOptions } from './prio.js';
import { red, type RedOptions } from './red.js';
import { sfq, type SfqOptions } from './sfq.js';
import { tbf, type TbfOptions } from './tbf.js';

/** The options of each kind of qdiscs, by the name of the kind (`TCA_KIND`). @public */
export interface QdiscKinds<U extends Written = Read> {
  /** One queue, limited in bytes. */
  readonly bfifo: BfifoOptions<U>;
  /** A rate, fair queues and short waiting times in one. */
  readonly cake: CakeOptions<U>;
  /** The place of filters for incoming and outgoing packets. */
  readonly clsact: Readonly<Record<string, never>>;
  /** One queue with short waiting times. */
  readonly codel: CodelOptions<U>;
  /** Classes that take turns; their filters choose the class. */
  readonly drr: Readonly<Record<string, never>>;
  /** Fair queues with pacing. */
  readonly fq: FqOptions<U>;
  /** Fair queues with short waiting times. */
  readonly fq_codel: FqCodelOptions<U>;
  /** Fair queues with a probability of drops. */
  readonly fq_pie: FqPieOptions<U>;
  /** A tree of classes with service curves. */
  readonly hfsc: HfscOptions;
  /** A tree of classes with rates. */
  readonly htb: HtbOptions;
  /** The place of filters for incoming packets. */
  readonly ingress: Readonly<Record<string, never>>;
  /** Delays, losses and other faults. */
  readonly netem: NetemOptions<U>;
  /** No queue; the usual one of virtual links. */
  readonly noqueue: Readonly<Record<string, never>>;
  /** One queue, limited in packets. */
  readonly pfifo: PfifoOptions;
  /** Three bands by priority; a usual one of hardware. */
  readonly pfifo_fast: PfifoFastOptions;
  /** One queue, limited in packets, that drops its oldest packet. */
  readonly pfifo_head_drop: PfifoOptions;
  /** One queue with a probability of drops. */
  readonly pie: PieOptions<U>;
  /** Bands by priority. */
  readonly prio: PrioOptions;
  /** Classes with weights. */
  readonly qfq: Readonly<Record<string, never>>;
  /** One queue that drops early. */
  readonly red: RedOptions<U>;
  /** Fair queues. */
  readonly sfq: SfqOptions<U>;
  /** One rate. */
  readonly tbf: TbfOptions<U>;
}

/** A kind of qdiscs whose options this library translates. @public */
export type QdiscKind = keyof QdiscKinds;

const NO_OPTIONS: TrafficKind<Readonly<Record<string, never>>> = { options: {} };

const KINDS: { readonly [K in QdiscKind]: TrafficKind<QdiscKinds[K]> } = {
  bfifo,
  cake,
  clsact: NO_OPTIONS,
  codel,
  drr: NO_OPTIONS,
  fq,
  fq_codel: fqCodel,
  fq_pie: fqPie,
  hfsc,
  htb,
  ingress: NO_OPTIONS,
  netem,
  noqueue: NO_OPTIONS,
  pfifo,
  pfifo_fast: pfifoFast,
  pfifo_head_drop: pfifo,
  pie,
  prio,
  qfq: NO_OPTIONS,
  red,
  sfq,
  tbf,
};

/** The kinds by name. @internal */
export const qdiscKinds: KnownKinds = new Map(Object.entries(KINDS));
