import { expect } from 'chai';
import fc from 'fast-check';
import {
  DecodeError,
  MessageFlags,
  decodeSlab,
  encodeMessage,
  encodeMessages,
  encodeSlab,
  type MessageInit,
  type SlabDatagram,
  type SlabStatus,
} from '../../lib/index.js';
import { Answer, findReply } from '../../lib/socket/transport/slab.js';
import { check } from '../support/fuzz.js';

describe('decodeSlab()', () => {
  it('returns what encodeSlab() was given', () => {
    const slab = encodeSlab(
      [
        { bytes: Uint8Array.of(1, 2, 3) },
        { bytes: Uint8Array.of(4), length: 9, sender: { portId: 7, groups: 2 }, group: 5, nsid: -1, unsure: true },
      ],
      { drained: false, lost: true, dropped: 3 },
    );
    const { datagrams, status } = decodeSlab(slab);
    expect(status).to.deep.equal({ drained: false, lost: true, dropped: 3, afterLoss: true });
    expect(decodeSlab(encodeSlab([], { drained: false, afterLoss: true })).status).to.include({ lost: false, afterLoss: true });
    expect(datagrams.map((one) => ({ ...one, bytes: [...one.bytes] }))).to.deep.equal([
      { bytes: [1, 2, 3], length: 3, sender: { portId: 0, groups: 0 }, group: 0 },
      { bytes: [4], length: 9, sender: { portId: 7, groups: 2 }, group: 5, nsid: -1, unsure: true },
    ]);
  });

  it('throws a DecodeError when an entry points outside of the slab', () => {
    const words = new Uint32Array(encodeSlab([{ bytes: new Uint8Array(16) }]));
    for (const [word, value] of [
      [4, 16],
      [4, 2],
      [4, 0xffff_fffc],
      [5, 20],
      [5, 0xffff_fff0],
      [6, 8],
      [12, 2],
      [12, 0xffff_ffff],
    ] as const) {
      const wrong = words.slice();
      wrong[word] = value;
      expect(() => decodeSlab(wrong.buffer), `word ${word} = ${value}`).to.throw(DecodeError);
    }
  });

  it('throws a DecodeError when datagrams overlap', () => {
    const slab = encodeSlab([{ bytes: new Uint8Array(16) }, { bytes: new Uint8Array(16) }]);
    // The second entry begins behind 32 bytes of datagrams and 8 words of the first one.
    new Uint32Array(slab)[16] = 0;
    expect(() => decodeSlab(slab)).to.throw(DecodeError, 'datagram 1 of a slab');
  });

  it('throws nothing else for any bytes', () => {
    check(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(6), (bytes, count) => {
        const { buffer } = bytes.slice();
        if (bytes.length >= 16) new DataView(buffer).setUint32((bytes.length & ~3) - 16, count, true);
        try {
          for (const one of decodeSlab(buffer).datagrams) expect(one.bytes.buffer).to.equal(buffer);
        } catch (error) {
          expect(error).to.be.instanceOf(DecodeError);
        }
      }),
    );
  });
});

describe('findReply()', () => {
  const ids = { sequence: 7, portId: 5 };
  const reply: MessageInit = { type: 16, payload: Uint8Array.of(1, 2, 3, 4, 5), ...ids };
  const answerOf = (errno: number, flags = 0): MessageInit => {
    const payload = new Uint8Array(20);
    new Int32Array(payload.buffer)[0] = errno;
    return { type: 2, flags, payload, ...ids };
  };
  const ack = answerOf(0, MessageFlags.Capped);
  const alone = (...inits: MessageInit[]): SlabDatagram[] => inits.map((init) => ({ bytes: encodeMessage(init) }));

  /** Puts a slab between other bytes, and finds the reply in it. */
  const find = (datagrams: readonly SlabDatagram[], status: SlabStatus = {}): number => {
    const slab = new Uint8Array(encodeSlab(datagrams, { drained: false, ...status }));
    const room = new Uint8Array(slab.length + 96).fill(0xee);
    room.set(slab, 32);
    return findReply(new Uint32Array(room.buffer), 32, 32 + slab.length, ids.sequence, ids.portId);
  };

  it('returns the offset of the reply before an ack', () => {
    expect(find(alone(reply, ack))).to.equal(32);
    expect(find(alone(reply, ack), { drained: true })).to.equal(32);
    expect(find(alone({ type: 16, ...ids }, ack))).to.equal(32);
  });

  it('returns AckAlone for an ack without a reply', () => {
    expect(find(alone(ack))).to.equal(Answer.AckAlone);
    expect(find(alone(answerOf(0)))).to.equal(Answer.AckAlone);
  });

  const [bytes, last] = alone(reply, ack) as [SlabDatagram, SlabDatagram];
  const unusual: readonly [string, readonly SlabDatagram[], SlabStatus?][] = [
    ['no datagram', []],
    ['a reply without an ack', [bytes]],
    ['an error', alone(answerOf(-1))],
    ['a reply and an error', alone(reply, answerOf(-1))],
    ['an ack with a warning', alone(reply, answerOf(0, MessageFlags.AckAttributes))],
    ['an ack without a number', alone(reply, { type: 2, ...ids })],
    ['an ack before a reply', alone(ack, reply)],
    ['two replies', alone(reply, reply, ack)],
    ['two acks', alone(ack, ack)],
    ['a part of a dump', alone({ ...reply, flags: MessageFlags.Multi }, ack)],
    ['a message of the protocol itself', alone({ ...reply, type: 3 }, ack)],
    ['a reply with another sequence number', alone({ ...reply, sequence: 8 }, ack)],
    ['an ack with another sequence number', alone(reply, { ...ack, sequence: 8 })],
    ['a reply with another port ID', alone({ ...reply, portId: 0 }, ack)],
    ['an ack with another port ID', alone(reply, { ...ack, portId: 0 })],
    ['a reply of a process', [{ ...bytes, sender: { portId: 9, groups: 0 } }, last]],
    ['an ack of a process', [bytes, { ...last, sender: { portId: 9, groups: 0 } }]],
    ['a notification', [{ ...bytes, group: 1 }, last]],
    ['a notification by its mask', [{ ...bytes, sender: { portId: 0, groups: 1 } }, last]],
    ['a message of another namespace', [{ ...bytes, nsid: 0 }, last]],
    ['a datagram of unknown origin', [{ ...bytes, unsure: true }, last]],
    ['a truncated reply', [{ bytes: bytes.bytes.subarray(0, 20), length: 21 }, last]],
    ['a truncated ack', [bytes, { bytes: last.bytes.subarray(0, 20), length: 36 }]],
    ['two messages in a datagram', [{ bytes: encodeMessages([reply, ack]) }]],
    ['a lost message', [bytes, last], { lost: true }],
    ['a loss before these datagrams', [bytes, last], { afterLoss: true }],
  ];
  for (const [name, datagrams, status] of unusual) {
    it(`returns Unusual for ${name}`, () => {
      expect(find(datagrams, status)).to.equal(Answer.Unusual);
    });
  }
});
