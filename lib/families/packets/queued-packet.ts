import { checkInteger, checkOptionNames, kindOf } from '../../check/index.js';
import type { PacketEvent, Verdict, VerdictRequest } from '../generated/nfnetlink_queue.js';

/** The fate of a packet. @public */
export interface VerdictOptions {
  /**
   * `accept`: the packet continues behind the rule. `drop`. `repeat`: it passes the hook again; mark it, or the rule queues it again.
   * `stop`: as `accept`, but no further rule of the hook sees it.
   * @defaultValue `'accept'`
   */
  readonly verdict?: 'accept' | 'drop' | 'repeat' | 'stop';
  /** The number of another queue that gets the packet, instead of a verdict. */
  readonly queue?: number;
  /** Replaces the packet, from its network header on. The kernel computes no checksum of it. */
  readonly payload?: Uint8Array;
  /** The new mark of the packet. */
  readonly mark?: number;
  /** The new priority of the packet. */
  readonly priority?: number;
  /** Attributes of the family conntrack that the kernel sets in the connection. */
  readonly ct?: Uint8Array;
}

/** The fate of several packets: they keep their contents. @public */
export type BatchVerdictOptions = Omit<VerdictOptions, 'payload' | 'ct'>;

/** Receives the verdicts of packets. @internal */
export interface VerdictReceiver {
  /** Sends a verdict, for the packet alone or for all up to it. Returns false if the queue is closed. */
  decide(packet: QueuedPacket, request: VerdictRequest, all: boolean): boolean;
  /** Returns true if the packet has no verdict and the queue is open. */
  isWaiting(packet: QueuedPacket): boolean;
}

const QUEUE = 3;
const NUMBERS: Readonly<Record<string, number>> = { drop: 0, accept: 1, repeat: 4, stop: 5 };
const BATCH_OPTIONS: ReadonlySet<string> = new Set(['verdict', 'queue', 'mark', 'priority']);
const OPTIONS: ReadonlySet<string> = new Set([...BATCH_OPTIONS, 'payload', 'ct']);

/**
 * A packet that waits in a queue until it has a verdict.
 *
 * @public
 */
export class QueuedPacket {
  /** The properties of the packet, by the kernel's names. */
  readonly event: PacketEvent;
  readonly #queue: VerdictReceiver;

  /** @internal */
  constructor(event: PacketEvent, queue: VerdictReceiver) {
    this.event = event;
    this.#queue = queue;
  }

  /** The number of the packet in its queue. */
  get id(): number {
    return this.event.packetHdr?.packetId ?? 0;
  }

  /** The packet from its network header on, at most `copyRange` bytes; empty without a copy. */
  get payload(): Uint8Array {
    return this.event.payload ?? NOTHING;
  }

  /** The size of the whole packet in bytes; undefined with `copyRange: 0`, for which the kernel reports none. */
  get length(): number | undefined {
    return this.event.capLen ?? this.event.payload?.byteLength;
  }

  /** True if the packet has no verdict yet and its queue is open. */
  get isWaiting(): boolean {
    return this.#queue.isWaiting(this);
  }

  /** Lets the packet continue. Returns false if the queue was closed: the kernel has dropped the packet. */
  accept(): boolean {
    return this.#queue.decide(this, this.#request(ACCEPT), false);
  }

  /** Drops the packet. Returns false if the queue was closed. */
  drop(): boolean {
    return this.#queue.decide(this, this.#request(DROP), false);
  }

  /**
   * Decides the packet, and may change it.
   *
   * Verdicts of one turn of the event loop are sent together at its end.
   *
   * @returns False if the queue was closed: the kernel has dropped the packet.
   * @throws `EncodeError` if a value does not fit; TypeError if the packet has a verdict already.
   */
  verdict(options: VerdictOptions = {}): boolean {
    checkOptionNames('verdict', options, OPTIONS);
    const { payload, ct } = options;
    const request = this.#request(options);
    const keepsContents = payload === undefined && ct === undefined;
    return this.#queue.decide(this, keepsContents ? request : { ...request, ...(payload && { payload }), ...(ct && { ct }) }, false);
  }

  /**
   * Decides this packet and all earlier ones that have no verdict.
   *
   * @returns False if the queue was closed: the kernel has dropped the packets.
   */
  verdictBatch(options: BatchVerdictOptions = {}): boolean {
    checkOptionNames('verdictBatch', options, BATCH_OPTIONS);
    return this.#queue.decide(this, this.#request(options), true);
  }

  #request({ verdict, queue, mark, priority }: BatchVerdictOptions): VerdictRequest {
    const verdictHdr = { verdict: numberOf(verdict, queue), id: this.id };
    // Most verdicts have nothing else, and spreading takes longer than the rest.
    if (mark === undefined && priority === undefined) return { verdictHdr };
    return { verdictHdr, ...(mark !== undefined && { mark }), ...(priority !== undefined && { priority }) };
  }
}

const NOTHING = new Uint8Array(0);
const ACCEPT: BatchVerdictOptions = {};
const DROP: BatchVerdictOptions = { verdict: 'drop' };

function numberOf(verdict: VerdictOptions['verdict'], queue: number | undefined): Verdict {
  if (queue !== undefined) {
    if (verdict !== undefined) throw new TypeError('verdict: options verdict and queue exclude each other');
    return checkInteger('verdict: option queue', queue, 0, 0xffff) * 0x1_0000 + QUEUE;
  }
  const number = NUMBERS[verdict ?? 'accept'];
  if (number !== undefined) return number;
  const given = typeof verdict === 'string' ? `'${verdict as string}'` : kindOf(verdict);
  throw new TypeError(`verdict: option verdict must be one of ${Object.keys(NUMBERS).join(', ')}, not ${given}`);
}
