import { AttributeEncoder, AttributeReader, MessageFlags, MessageType, type Message, type MessageInit } from '../../lib/wire/index.js';
import type { Transport, TransportConnection } from '../../lib/socket/transport/transport.js';
import { encodeMessages, hostIsLittleEndian } from '../../lib/wire/index.js';
import { join, linkHeader, linkIndex, RTM } from '../support/rtnetlink.js';
import { readSlab, type Delivery } from '../testing/support.js';

/** A running or fake kernel with the link lo (1) and so many others that a dump has several datagrams. */
export interface World {
  readonly transport: Transport;
  /** Descriptor of the namespace to open sockets in. */
  readonly netns: number | undefined;
}

/** A behaviour of kernels, as a transport observes it. */
export interface ContractCase {
  readonly title: string;
  readonly run: (world: World) => unknown;
  readonly expected: unknown;
}

export const REQUEST: number = MessageFlags.Request;
export const ACKED: number = MessageFlags.Request | MessageFlags.Ack;
export const DUMP: number = MessageFlags.Request | MessageFlags.Dump;

/** A socket and all that it has received. */
export interface ContractSocket extends Disposable {
  readonly connection: TransportConnection;
  readonly deliveries: Delivery[];
  /** Sends one datagram. */
  readonly send: (...inits: MessageInit[]) => void;
  /** Sends, reads immediately, and returns the text of each received datagram. */
  readonly exchange: (expected: number, ...inits: MessageInit[]) => string[] | undefined;
  /** Waits until a condition is true, for at most two seconds. */
  readonly until: (condition: () => boolean) => Promise<void>;
  readonly messages: () => Message[];
  /** Returns the text of each message that was delivered later. */
  readonly texts: () => string[];
}

export interface ContractSocketOptions {
  readonly protocol?: number;
  readonly portId?: number;
  readonly datagramSize?: number;
}

export function openSocket(world: World, { protocol = 0, portId = 0, datagramSize = 1 << 20 }: ContractSocketOptions = {}): ContractSocket {
  const deliveries: Delivery[] = [];
  const receive = (slab: ArrayBuffer): void => void deliveries.push(readSlab(slab));
  const connection = world.transport.open({ protocol, portId, netns: world.netns, datagramSize, ref: true, receive });
  const messages = (): Message[] => deliveries.flatMap(({ datagrams }) => datagrams.flatMap((datagram) => datagram.messages));
  const write = <T>(inits: MessageInit[], use: (bytes: Uint8Array) => T): T =>
    use(encodeMessages(inits.map((init) => ({ portId: connection.portId, ...init }))));
  return {
    connection,
    deliveries,
    messages,
    texts: () => messages().map((message) => textOf(message, connection)),
    send: (...inits) => {
      write(inits, (bytes) => connection.send(bytes, bytes.byteLength));
    },
    exchange: (expected, ...inits) =>
      write(inits, (bytes) => {
        const slab = connection.exchange(bytes, bytes.byteLength, expected);
        if (slab === undefined) return undefined;
        return readSlab(slab).datagrams.map((datagram) => datagram.messages.map((message) => textOf(message, connection)).join(', '));
      }),
    until: async (condition) => {
      for (let tries = 0; tries < 200 && !condition(); tries++) await pause(10);
      if (!condition())
        throw new Error(
          `the condition did not become true within 2 s; received: ${messages()
            .map((message) => textOf(message, connection))
            .join(', ')}`,
        );
    },
    [Symbol.dispose]: () => {
      connection.close();
    },
  };
}

/** Waits for messages that are on their way. */
export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

/** Returns the parts of a message in which two kernels must agree. */
export function textOf(message: Message, { portId }: { readonly portId: number }): string {
  const { type, sequence, flags, group, origin } = message;
  const words = [
    type === MessageType.Error ? `error ${errnoOf(message)}` : type === MessageType.Done ? `done ${errnoOf(message)}` : `type ${type}`,
  ];
  if (type === RTM.NEWLINK) words.push(`link ${linkIndex(message)}`);
  words.push(`for ${sequence}`);
  if (message.portId !== portId) words.push(`to port ${message.portId === 0 ? 0 : 'of another socket'}`);
  if ((flags & MessageFlags.Multi) !== 0) words.push('multi');
  if (type === MessageType.Error && (flags & MessageFlags.Capped) !== 0) words.push('capped');
  if (type === MessageType.Error && (flags & MessageFlags.AckAttributes) !== 0) words.push('explained');
  if (group !== 0) words.push(`group ${group} of ${origin.sender.groups}`);
  return words.join(' ');
}

export function errnoOf({ payload }: Message): number {
  return new DataView(payload.buffer, payload.byteOffset).getInt32(0, hostIsLittleEndian);
}

/** Returns code and operation of the error that an action throws. */
export function errorText(action: () => unknown): string {
  try {
    action();
    return 'nothing was thrown';
  } catch (error) {
    const { code, operation } = error as { code?: string; operation?: string };
    return `${code ?? String(error)} in ${operation ?? 'no operation'}`;
  }
}

export const getLink = (index: number, sequence: number, flags: number = ACKED): MessageInit => ({
  ...{ type: RTM.GETLINK, flags, sequence },
  payload: linkHeader(index),
});

export const dumpLinks = (sequence: number): MessageInit => ({ type: RTM.GETLINK, flags: DUMP, sequence, payload: linkHeader() });

/** IFLA_MTU 4. A change sends an event to group 1. */
export function setMtu(index: number, mtu: number, sequence: number, flags: number = ACKED): MessageInit {
  const payload = join(linkHeader(index), new AttributeEncoder().uint32(4, mtu).encode());
  return { type: RTM.NEWLINK, flags, sequence, payload };
}

export function mtuOf(message: Message): number | undefined {
  return new AttributeReader(message.payload, { start: 16 }).find(4)?.uint32();
}
