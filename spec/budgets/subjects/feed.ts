import { encodeSlab, type Transport, type TransportConnection, type TransportOptions } from '../../../lib/socket/index.js';
import { alignLength, encodeMessage, type MessageInit } from '../../../lib/wire/index.js';

/** A transport with prepared datagrams: it does not allocate during a measurement. */
export class Feed implements Transport {
  /** The sequence number of the last sent message. */
  sequence = 0;
  #receive: ((slab: ArrayBuffer) => void) | undefined;
  #reply: { readonly slab: ArrayBuffer; readonly sequences: readonly number[]; readonly words: Uint32Array } | undefined;

  /** Answers every request inline with this reply and an ack. */
  answerWith(reply: MessageInit): void {
    const ack: MessageInit = { type: 2, flags: 0x100, payload: new Uint8Array(20) };
    const messages = [reply, ack].map((init) => encodeMessage({ ...init, sequence: 1, portId: PORT }));
    const slab = encodeSlab(messages.map((bytes) => ({ bytes })));
    const second = alignLength(messages[0]!.byteLength);
    this.#reply = { slab, words: new Uint32Array(slab), sequences: [2, (second >> 2) + 2] };
  }

  deliver(slab: ArrayBuffer): void {
    this.#receive!(slab);
  }

  open({ receive }: TransportOptions): TransportConnection {
    this.#receive = receive;
    const answer = (bytes: Uint8Array): ArrayBuffer | undefined => {
      this.sequence = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
      if (this.#reply === undefined) return undefined;
      for (const at of this.#reply.sequences) this.#reply.words[at] = this.sequence;
      return this.#reply.slab;
    };
    const nothing = (): void => undefined;
    return {
      portId: PORT,
      fd: -1,
      send: (bytes) => {
        const slab = answer(bytes);
        if (slab !== undefined) setImmediate(() => this.deliver(slab));
        return true;
      },
      exchange: answer,
      pause: nothing,
      resume: nothing,
      setRef: nothing,
      setOption: nothing,
      getOption: () => false,
      join: nothing,
      leave: nothing,
      memberships: () => [],
      setBufferSize: nothing,
      getBufferSize: () => 425_984,
      drops: () => 0,
      setFilter: nothing,
      close: nothing,
    };
  }

  defer(callback: () => void): void {
    setImmediate(callback);
  }
}

const PORT = 7;
const DUMP_DATAGRAM = 32 << 10;
const DATAGRAMS = 8;
const EVENTS = 64;

/** Returns a dump of the given number of messages, in datagrams of 32 KiB as the kernel sends them. */
export function dumpSlabs(init: MessageInit, count: number, sequence: number): ArrayBuffer[] {
  const one = encodeMessage({ ...init, flags: 2, sequence, portId: PORT });
  const size = alignLength(one.byteLength);
  const perDatagram = Math.floor(DUMP_DATAGRAM / size);
  const slabs: ArrayBuffer[] = [];
  for (let left = count; left > 0;) {
    const datagrams: { bytes: Uint8Array }[] = [];
    for (let index = 0; index < DATAGRAMS && left > 0; index++) {
      const messages = Math.min(perDatagram, left);
      const bytes = new Uint8Array(messages * size);
      for (let at = 0; at < bytes.byteLength; at += size) bytes.set(one, at);
      datagrams.push({ bytes });
      left -= messages;
    }
    slabs.push(encodeSlab(datagrams, { drained: false }));
  }
  return slabs;
}

/** Returns the given number of events of a group, each in a datagram of its own. */
export function eventSlabs(init: MessageInit, count: number, group: number): ArrayBuffer[] {
  const bytes = encodeMessage({ ...init, sequence: 0, portId: 0 });
  const datagrams = Array.from({ length: EVENTS }, () => ({ bytes, group }));
  return Array.from({ length: Math.ceil(count / EVENTS) }, () => encodeSlab(datagrams));
}

/** Returns the end of a dump. */
export function doneSlab(sequence: number): ArrayBuffer {
  return encodeSlab([{ bytes: encodeMessage({ type: 3, flags: 2, sequence, portId: PORT, payload: new Uint8Array(4) }) }]);
}
