import {
  encodeSlab,
  type SlabDatagram,
  type SlabStatus,
  type Transport,
  type TransportConnection,
  type TransportOptions,
} from '../../lib/socket/index.js';
import { iterateMessages } from '../../lib/wire/index.js';
import { toVector, type VectorMessage } from './vector.js';

/** A transport that delivers the datagrams of a case on demand, and records sent messages. */
export class ScriptedTransport implements Transport {
  /** Every message sent. */
  readonly sent: VectorMessage[] = [];
  /** Called after each send. */
  answer: () => void = () => undefined;
  readonly #portId: number;
  #receive: TransportOptions['receive'] | undefined;

  constructor(portId: number) {
    this.#portId = portId;
  }

  /** Delivers datagrams one by one, as several calls of `recvmsg` would. */
  deliver(datagrams: readonly Uint8Array[], status: SlabStatus = {}): void {
    for (const bytes of datagrams) this.deliverSlab([{ bytes }]);
    if (Object.keys(status).length > 0) this.deliverSlab([], status);
  }

  /** Delivers datagrams at once, as one call of `recvmmsg` would. */
  deliverSlab(datagrams: readonly SlabDatagram[], status?: SlabStatus): void {
    this.#receive?.(encodeSlab(datagrams, status));
  }

  open({ receive }: TransportOptions): TransportConnection {
    this.#receive = receive;
    const options = new Set<string>();
    const groups = new Set<number>();
    const send = (bytes: Uint8Array, length: number): void => {
      for (const message of iterateMessages(bytes.slice(0, length))) this.sent.push(toVector(message));
      setImmediate(() => {
        this.answer();
      });
    };
    return {
      portId: this.#portId,
      fd: -1,
      send: (bytes, length) => (send(bytes, length), true),
      exchange: (bytes, length) => (send(bytes, length), undefined),
      pause: () => undefined,
      resume: () => undefined,
      setRef: () => undefined,
      setOption: (option, on) => {
        if (on) options.add(option);
        else options.delete(option);
      },
      getOption: (option) => options.has(option),
      join: (group) => void groups.add(group),
      leave: (group) => void groups.delete(group),
      memberships: () => [...groups],
      setBufferSize: () => undefined,
      getBufferSize: () => 212_992,
      drops: () => 0,
      setFilter: () => undefined,
      close: () => {
        this.#receive = undefined;
      },
    };
  }

  defer(callback: () => void): void {
    setImmediate(callback);
  }
}

/** Waits until all deferred callbacks have run. */
export async function turns(count = 6): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}
