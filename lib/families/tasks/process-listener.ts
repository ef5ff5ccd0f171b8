import { Observable } from 'rxjs';
import type { FamilyClient } from '../../client/index.js';
import { Errno, KernelError, NetlinkError } from '../../errors/index.js';
import type { CnProcFamily } from '../generated/cn_proc.js';
import { ALL_EVENTS } from './event-names.js';

const OPERATION = 'processEvents';

/** Returns the error of a kernel that does not answer: it ignores requests from other namespaces. */
function unanswered(): NetlinkError {
  const text =
    'the kernel did not answer; it sends process events to the first namespaces of processes and users only, and needs CONFIG_PROC_EVENTS';
  return new NetlinkError(`EPERM ${OPERATION}: ${text}`, { errno: -Errno.EPERM, operation: OPERATION });
}

function refused(err: number): KernelError {
  return new KernelError({
    errno: -err,
    operation: OPERATION,
    ...(err === Errno.EPERM && { advice: 'needs CAP_NET_ADMIN in the initial namespace' }),
  });
}

/**
 * Asks the kernel for the events of processes (PROC_CN_MCAST_LISTEN), and to stop (PROC_CN_MCAST_IGNORE).
 *
 * The kernel executes a request while it is sent, and answers with an event to the group. The answer is in the queue of the socket
 * when sending returns, so its absence is certain without a time-out. Kernels before 6.6 count requests: each LISTEN needs one IGNORE.
 *
 * @internal
 */
export class ProcessListener {
  readonly #client: FamilyClient<CnProcFamily>;
  readonly #mask: number;
  #awaited: number | undefined;
  #answer: number | undefined;
  #overran = false;
  #accepted = false;
  #listening = false;
  #filtered = false;

  /** @param mask - The events to ask for. */
  constructor(client: FamilyClient<CnProcFamily>, mask: number) {
    this.#client = client;
    this.#mask = mask;
  }

  /** True while the kernel sends all events to the socket. */
  get receivesAll(): boolean {
    return this.#listening && !this.#filtered;
  }

  /** True after the kernel has agreed. Events that arrive before it belong to other listeners. */
  get accepted(): boolean {
    return this.#accepted;
  }

  /** Notes an answer of the kernel. Other listeners cause answers too. */
  answer(ack: number, err: number): void {
    if (ack !== this.#awaited) return;
    this.#awaited = undefined;
    this.#answer = err;
    this.#accepted = err === 0;
  }

  /** Notes that messages were lost; an answer may have been among them. */
  overran(): void {
    this.#overran = true;
  }

  /** Notes that the kernel sends no more events: the socket is closed. */
  ended(): void {
    this.#accepted = false;
    this.#listening = false;
  }

  /** Asks for the events, and completes if the kernel has agreed. */
  listen(): Observable<never> {
    return new Observable((subscriber) => {
      try {
        this.#listen();
        subscriber.complete();
      } catch (error) {
        subscriber.error(explained(error));
      }
    });
  }

  /** Asks the kernel to stop. */
  ignore(): void {
    const { socket } = this.#client;
    if (this.#listening && socket.isOpen) this.#client.send('control', { mcastOp: 'ignore' });
    this.#listening = false;
  }

  #listen(): void {
    this.#filtered = false;
    this.#overran = false;
    // A kernel that knows selections answers this request. It would not answer one for some events only.
    const all = this.#ask((ack) => this.#client.send('control-events', { mcastOp: 'listen', eventType: ALL_EVENTS, ack }));
    if (all !== 'accepted') {
      const plain = this.#ask((ack) => this.#client.send('control', { mcastOp: 'listen', ack }));
      if (plain === 'unanswered') throw unanswered();
    }
    this.#accepted = true;
    this.#listening = true;
    if (all !== 'accepted' || this.#mask === ALL_EVENTS) return;
    this.#filtered = true;
    this.#client.send('control-events', { mcastOp: 'listen', eventType: this.#mask });
  }

  /** Sends a request and reads the answer; `uncertain` if it may have been lost. @throws the error in the answer. */
  #ask(send: (ack: number) => void): 'accepted' | 'unanswered' | 'uncertain' {
    const ack = Math.floor(Math.random() * 0xffff_ffff);
    this.#awaited = ack + 1;
    this.#answer = undefined;
    send(ack);
    // Within a delivery nothing can be read.
    const hasRead = this.#client.socket.readQueued(() => this.#answer !== undefined || this.#overran);
    const answer = this.#answer as number | undefined;
    if (answer === undefined) return hasRead && !this.#overran ? 'unanswered' : 'uncertain';
    if (answer !== 0) throw refused(answer);
    return 'accepted';
  }
}

/** The kernel serves the connector in the first network namespace only. */
function explained(error: unknown): unknown {
  if (!(error instanceof NetlinkError) || error.code !== 'ECONNREFUSED') return error;
  const { errno } = error;
  const text = 'process events exist in the first network namespace only; open the socket there with netns: { pid: 1 }';
  return new NetlinkError(`ECONNREFUSED ${OPERATION}: ${text}`, { errno, operation: OPERATION, cause: error });
}
