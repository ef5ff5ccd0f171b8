import { Slab } from '../../lib/socket/transport/slab.js';
import type { TransportConnection } from '../../lib/socket/transport/transport.js';
import type { FakeKernel } from '../../lib/testing/index.js';
import { encodeMessages, iterateMessages, type DatagramOrigin, type Message, type MessageInit } from '../../lib/wire/index.js';

/** The content of a slab: its datagrams, and the state of the queue after them. */
export interface Delivery {
  readonly datagrams: readonly { messages: Message[]; length: number; kept: number; origin: DatagramOrigin }[];
  readonly drained: boolean;
  readonly lost: boolean;
  readonly dropped: number;
}

export function readSlab(buffer: ArrayBuffer): Delivery {
  const slab = Slab.of(buffer);
  const datagrams = Array.from({ length: slab.count }, (_, index) => {
    const { start, end, length, origin } = slab.entry(index);
    const bytes = new Uint8Array(buffer, start, end - start);
    const messages = length === end - start ? [...iterateMessages(bytes, origin)] : [];
    return { messages, length, kept: end - start, origin };
  });
  const { drained, lost, dropped } = slab;
  return { datagrams, drained, lost, dropped };
}

/** A connection without the layers above the transport. */
export interface Driven {
  readonly connection: TransportConnection;
  /** The arguments of all calls of `receive`. */
  readonly deliveries: Delivery[];
  /** All messages in them, in order. */
  readonly messages: () => Message[];
  readonly send: (...inits: MessageInit[]) => void;
  readonly exchange: (expected: number, ...inits: MessageInit[]) => Delivery | undefined;
}

export function drive(kernel: FakeKernel, options: { protocol?: number; portId?: number; datagramSize?: number } = {}): Driven {
  const deliveries: Delivery[] = [];
  const connection = kernel.open({
    protocol: options.protocol ?? 0,
    portId: options.portId ?? 0,
    datagramSize: options.datagramSize ?? 65_536,
    ref: true,
    receive: (slab) => deliveries.push(readSlab(slab)),
  });
  const encode = (inits: MessageInit[]): Uint8Array => encodeMessages(inits.map((init) => ({ portId: connection.portId, ...init })));
  return {
    connection,
    deliveries,
    messages: () => deliveries.flatMap(({ datagrams }) => datagrams.flatMap(({ messages }) => messages)),
    send: (...inits) => {
      const bytes = encode(inits);
      connection.send(bytes, bytes.byteLength);
    },
    exchange: (expected, ...inits) => {
      const bytes = encode(inits);
      const slab = connection.exchange(bytes, bytes.byteLength, expected);
      return slab === undefined ? undefined : readSlab(slab);
    },
  };
}

export { runVirtually } from './run-virtually.js';
