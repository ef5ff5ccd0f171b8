import { Observable } from 'rxjs';
import { checkBoolean, checkInteger } from '../../check/index.js';
import { FamilyClient } from '../../client/index.js';
import { OverrunError } from '../../errors/index.js';
import {
  ConfigFlags,
  nfnetlinkLogSchema,
  type ConfigRequest,
  type NfnetlinkLogFamily,
  type PacketEvent,
} from '../generated/nfnetlink_log.js';
import { checkNumber, copyMode, socketOptionsOf, type PacketOptions } from './packet-options.js';
import { SharedBinding } from './shared-binding.js';

/** Options of {@link nflog}, beside those of the socket. @public */
export interface NfLogOptions extends PacketOptions {
  /**
   * The number of packets that the kernel collects in one datagram (`NFULA_CFG_QTHRESH`). A rule may have a smaller one.
   * @defaultValue the kernel's, 100
   */
  readonly threshold?: number;
  /**
   * Milliseconds after which the kernel sends a datagram that is not full (`NFULA_CFG_TIMEOUT`), in steps of 10.
   * @defaultValue the kernel's, 1000
   */
  readonly timeout?: number;
  /**
   * The largest datagram in bytes (`NFULA_CFG_NLBUFSIZ`), at least 8192: the kernel ignores sizes below a page.
   * @defaultValue the kernel's, a page
   */
  readonly bufferSize?: number;
  /** True to number the packets of all groups together as well (`seqGlobal`). @defaultValue false */
  readonly sequenceGlobal?: boolean;
}

/**
 * The packets that rules log to a group (NFLOG of iptables, `log group` of nftables), as an Observable.
 *
 * Make one with {@link nflog}. The first subscription binds the group; the subscribers share it. It is unbound one turn of the event
 * loop after the last one has left.
 *
 * @public
 */
export class NfLog extends Observable<PacketEvent> {
  /** The number of the group. */
  readonly group: number;
  /** The client of the family, with a socket of its own. */
  readonly client: FamilyClient<NfnetlinkLogFamily>;
  readonly #binding: SharedBinding<PacketEvent>;
  /** The number of the next packet; undefined if the kernel has reported a loss. */
  #next: number | undefined = 0;

  /** @internal use {@link nflog} */
  constructor(group: number, options: NfLogOptions) {
    super((subscriber) => this.#binding.subscribe(subscriber));
    const { threshold, timeout, bufferSize, sequenceGlobal, copyRange: _range, conntrack, ...socket } = options;
    this.group = checkNumber('nflog', group);
    const request: ConfigRequest = {
      resId: group,
      cmd: { command: 'bind' },
      mode: copyMode('nflog', options),
      flags: ConfigFlags.Seq | (sequenceGlobal === true ? ConfigFlags.SeqGlobal : 0) | (conntrack === true ? ConfigFlags.Conntrack : 0),
      ...(threshold !== undefined && { qthresh: checkInteger('nflog: option threshold', threshold, 1, 0xffff_ffff) }),
      ...(timeout !== undefined && { timeout: Math.ceil(checkInteger('nflog: option timeout', timeout, 0, 0xffff_ffff) / 10) }),
      ...(bufferSize !== undefined && { nlbufsiz: checkInteger('nflog: option bufferSize', bufferSize, 8192, 131_072) }),
    };
    if (sequenceGlobal !== undefined) checkBoolean('nflog: option sequenceGlobal', sequenceGlobal);
    this.client = new FamilyClient(nfnetlinkLogSchema, socketOptionsOf(socket));
    const { client } = this;
    this.#binding = new SharedBinding({
      hold: () => client.socket.connect(),
      packets: this.#packets(),
      bind: () => client.do('config', request),
      unbind: () => {
        if (client.socket.isOpen) client.send('config', { resId: group, cmd: { command: 'unbind' } });
      },
      ended: () => (this.#next = 0),
    });
  }

  /** Emits the packets, and an error after the first one behind a gap that the socket has not reported. */
  #packets(): Observable<PacketEvent> {
    return new Observable((subscriber) =>
      this.client.events('packet').subscribe({
        next: (packet) => {
          const { seq = 0 } = packet;
          const missing = this.#next === undefined ? 0 : (seq - this.#next) >>> 0;
          this.#next = (seq + 1) >>> 0;
          subscriber.next(packet);
          if (missing > 0) subscriber.error(new OverrunError(missing, lossText(this.group, missing)));
        },
        error: (error: unknown) => {
          this.#next = undefined;
          subscriber.error(error);
        },
      }),
    );
  }

  /** Closes the socket: the kernel unbinds the group, and subscriptions end with `SocketClosedError`. */
  close(): void {
    this.client.close();
    this.#binding.lost();
  }

  /** Closes the socket, as `close` does; `using` calls it. */
  [Symbol.dispose](): void {
    this.close();
  }
}

function lossText(group: number, count: number): string {
  return `ENOBUFS nflog: the kernel could not store ${count} packets of log group ${group}; raise threshold or bufferSize, or log less`;
}

/**
 * Receives the packets that rules log to a group.
 *
 * Subscribe to bind the group; a group has one reader. Rules log with `iptables -j NFLOG --nflog-group 5` or `log group 5` of nftables. The kernel
 * collects packets: `{ threshold: 1 }` delivers each at once.
 *
 * The stream ends with an {@link OverrunError} if packets were lost; `resyncOnOverrun` continues, and the group stays bound. `seq`
 * counts the packets, so the gap shows how many were lost.
 *
 * @param group - The number of the group, from 0 to 65535.
 * @throws `KernelError` as the error signal: EPERM if another socket has bound the group, or without CAP_NET_ADMIN.
 * @example Print the packets of group 5
 * ```ts
 * nflog(5, { threshold: 1 }).subscribe(({ prefix, payload }) => console.log(prefix, payload?.byteLength));
 * ```
 * @public
 */
export function nflog(group: number, options: NfLogOptions = {}): NfLog {
  return new NfLog(group, options);
}
