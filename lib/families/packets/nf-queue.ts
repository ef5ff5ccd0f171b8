import { Observable, Subject } from 'rxjs';
import { checkBoolean, checkInteger } from '../../check/index.js';
import { FamilyClient } from '../../client/index.js';
import type { KernelError } from '../../errors/index.js';
import {
  ConfigFlags,
  nfnetlinkQueueSchema,
  type ConfigRequest,
  type NfnetlinkQueueFamily,
  type VerdictRequest,
} from '../generated/nfnetlink_queue.js';
import { checkNumber, copyMode, socketOptionsOf, type PacketOptions } from './packet-options.js';
import { QueuedPacket, type VerdictReceiver } from './queued-packet.js';
import { SharedBinding } from './shared-binding.js';
import { VerdictEncoder } from './verdict-encoder.js';
import { VerdictOutbox } from './verdict-outbox.js';

/** Options of {@link nfqueue}, beside those of the socket. @public */
export interface NfQueueOptions extends PacketOptions {
  /**
   * The number of packets that may wait for a verdict of the program. Then the socket stops reading until half of them are
   * decided, further packets wait in the receive queue, and the kernel drops those that do not fit.
   * @defaultValue 1024
   */
  readonly maxWaiting?: number;
  /** True to let a packet pass that does not fit, instead of dropping it (`NFQA_CFG_F_FAIL_OPEN`). @defaultValue false */
  readonly failOpen?: boolean;
  /**
   * True to receive packets larger than the MTU as one, and without checksums that the device computes (`NFQA_CFG_F_GSO`). @defaultValue false
   */
  readonly gso?: boolean;
  /** True to report the owner of the sending socket (`uid`, `gid`). @defaultValue false */
  readonly uidGid?: boolean;
  /** True to report the security label of the sending socket (`secctx`). @defaultValue false */
  readonly securityLabel?: boolean;
}

/** A report of a queue that concerns no new packet. @public */
export type QueueReport =
  | {
      /** The queue was closed while packets had no verdict: the kernel has dropped them. */
      readonly type: 'undecided';
      /** The numbers of the packets. */
      readonly ids: readonly number[];
    }
  | {
      /** The kernel rejected a verdict: ENOENT if the packet was gone, because its device was. */
      readonly type: 'rejected';
      readonly error: KernelError;
    };

/** The kernel drops nothing because of this length: the socket's receive queue and `maxWaiting` limit the packets. */
const LONGEST = 0xffff_ffff;

const FLAGS = [
  ['failOpen', ConfigFlags.FailOpen],
  ['conntrack', ConfigFlags.Conntrack],
  ['gso', ConfigFlags.Gso],
  ['uidGid', ConfigFlags.UidGid],
  ['securityLabel', ConfigFlags.Secctx],
] as const;

/**
 * The packets of a queue (NFQUEUE of iptables, `queue` of nftables), each of which waits for a verdict, as an Observable.
 *
 * Make one with {@link nfqueue}. The first subscription binds the queue; the subscribers share it. It is unbound one turn of the
 * event loop after the last one has left; the kernel then drops the packets that have no verdict.
 *
 * @public
 */
export class NfQueue extends Observable<QueuedPacket> {
  /** The number of the queue. */
  readonly number: number;
  /** The client of the family, with a socket of its own. */
  readonly client: FamilyClient<NfnetlinkQueueFamily>;
  /**
   * Packets without a verdict when the queue closes, and verdicts that the kernel rejects. Never completes. Without a subscriber,
   * undecided packets cause a warning of the process.
   */
  readonly reports: Observable<QueueReport>;
  readonly #reports = new Subject<QueueReport>();
  readonly #binding: SharedBinding<QueuedPacket>;
  readonly #encoder: VerdictEncoder;
  readonly #outbox: VerdictOutbox;
  /** The packets without a verdict by number, in their order. A queue that is bound again counts from 1 again. */
  readonly #waiting = new Map<number, QueuedPacket>();
  /** Takes the verdicts of the packets of this binding. */
  #receiver = this.#newReceiver();
  readonly #most: number;
  #isFull = false;

  /** @internal use {@link nfqueue} */
  constructor(number: number, options: NfQueueOptions) {
    super((subscriber) => this.#binding.subscribe(subscriber));
    const { maxWaiting = 1024, ...others } = options;
    this.number = checkNumber('nfqueue', number);
    this.#most = checkInteger('nfqueue: option maxWaiting', maxWaiting, 1, 0x7fff_ffff);
    for (const [name] of FLAGS) if (options[name] !== undefined) checkBoolean(`nfqueue: option ${name}`, options[name]);
    const request: ConfigRequest = {
      resId: number,
      cmd: { command: 'bind' },
      params: copyMode('nfqueue', options),
      queueMaxlen: LONGEST,
      mask: FLAGS.reduce((bits, [, flag]) => bits | flag, 0),
      flags: FLAGS.reduce((bits, [name, flag]) => (options[name] === true ? bits | flag : bits), 0),
    };
    this.client = new FamilyClient(nfnetlinkQueueSchema, socketOptionsOf(withoutFlags(others)));
    this.reports = this.#reports.asObservable();
    const { client } = this;
    this.#binding = new SharedBinding({
      hold: () => client.socket.connect(),
      packets: this.#packets(),
      bind: () => client.do('config', request),
      unbind: () => {
        this.#outbox.flush();
        if (client.socket.isOpen) client.send('config', { resId: number, cmd: { command: 'unbind' } });
      },
      ended: () => this.#reportUndecided(),
    });
    this.#encoder = new VerdictEncoder(number);
    this.#outbox = new VerdictOutbox(
      (messages) => client.socket.post(messages),
      (error) => this.#binding.fail(error),
    );
  }

  /** The number of packets that have been received and have no verdict. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Closes the socket: the kernel unbinds the queue, and subscriptions end with `SocketClosedError`. */
  close(): void {
    this.#outbox.flush();
    this.client.close();
    this.#binding.lost();
  }

  /** Closes the socket, as `close` does; `using` calls it. */
  [Symbol.dispose](): void {
    this.close();
  }

  #packets(): Observable<QueuedPacket> {
    return new Observable((subscriber) => {
      subscriber.add(
        this.client.sendErrors().subscribe({ next: (error) => this.#reports.next({ type: 'rejected', error }), error: ignore }),
      );
      subscriber.add(
        this.client.events('packet').subscribe({
          next: (event) => {
            const packet = new QueuedPacket(event, this.#receiver);
            this.#waiting.set(packet.id, packet);
            this.#updateReading();
            subscriber.next(packet);
          },
          error: (error: unknown) => subscriber.error(error),
        }),
      );
    });
  }

  /** Packets keep the receiver of their binding: a later one may have other packets with the same numbers. */
  #newReceiver(): VerdictReceiver {
    const receiver: VerdictReceiver = {
      decide: (packet, request, all) => receiver === this.#receiver && this.#decide(packet, request, all),
      isWaiting: (packet) => this.#waiting.get(packet.id) === packet,
    };
    return receiver;
  }

  #decide(packet: QueuedPacket, request: VerdictRequest, all: boolean): boolean {
    const { id } = packet;
    if (!this.#binding.isBound || !this.client.socket.isOpen) return false;
    if (this.#waiting.get(id) !== packet) throw new TypeError(`verdict: packet ${id} of queue ${this.number} has a verdict already`);
    const message = this.#encoder.encode(request, all);
    if (all) this.#forgetUntil(id);
    else this.#waiting.delete(id);
    this.#outbox.add(message);
    this.#updateReading();
    return true;
  }

  #forgetUntil(id: number): void {
    for (const earlier of this.#waiting.keys()) {
      // The numbers have 32 bits and begin again.
      if (((earlier - id) | 0) > 0) break;
      this.#waiting.delete(earlier);
    }
  }

  /** Stops reading when too many packets have no verdict, and starts again when half of them are decided. */
  #updateReading(): void {
    const { size } = this.#waiting;
    const isFull = this.#isFull ? size > this.#most >> 1 : size >= this.#most;
    if (isFull === this.#isFull) return;
    this.#isFull = isFull;
    this.client.socket.setSlowReader(this, isFull);
  }

  #reportUndecided(): void {
    this.#outbox.clear();
    const ids = [...this.#waiting.keys()];
    this.#waiting.clear();
    this.#receiver = this.#newReceiver();
    this.#updateReading();
    if (ids.length === 0) return;
    if (this.#reports.observed) this.#reports.next({ type: 'undecided', ids });
    else process.emitWarning(undecidedText(this.number, ids), { type: 'NetlinkWarning', code: 'RXNETLINK_UNDECIDED' });
  }
}

/** Returns the options of the socket among those of a queue. */
function withoutFlags({ copyRange: _range, ...options }: NfQueueOptions): NfQueueOptions {
  const flags: readonly string[] = FLAGS.map(([name]) => name);
  return Object.fromEntries(Object.entries(options).filter(([name]) => !flags.includes(name)));
}

function ignore(): void {}

function undecidedText(queue: number, ids: readonly number[]): string {
  const some = ids.slice(0, 10).join(', ');
  const text = `nfqueue: queue ${queue} closed while ${ids.length} packets had no verdict (${some}${ids.length > 10 ? ', ...' : ''})`;
  return `${text}; the kernel dropped them; subscribe to reports to handle this`;
}

/**
 * Receives the packets of a queue and decides them.
 *
 * Subscribe to bind the queue; a queue has one reader. Rules queue with `iptables -j NFQUEUE --queue-num 5` or `queue num 5` of nftables. Each packet
 * waits until it has a verdict: a packet that is forgotten fills the queue.
 *
 * The stream ends with an `OverrunError` if the kernel dropped packets, because the program was too slow; `dropped` is their number.
 * `resyncOnOverrun` continues: the queue stays bound, and packets that were received before can still be decided.
 *
 * @param number - The number of the queue, from 0 to 65535.
 * @throws {@link KernelError} as the error signal: EPERM if another socket has bound the queue, or without CAP_NET_ADMIN.
 * @example Drop packets that contain a word
 * ```ts
 * nfqueue(5).subscribe((packet) => {
 *   if (Buffer.from(packet.payload).includes('forbidden')) packet.drop();
 *   else packet.accept();
 * });
 * ```
 * @public
 */
export function nfqueue(number: number, options: NfQueueOptions = {}): NfQueue {
  return new NfQueue(number, options);
}
